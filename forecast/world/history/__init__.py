"""The state system at any past 1 January, composed from the public files as far as known then."""
