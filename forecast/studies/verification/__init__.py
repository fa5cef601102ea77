"""Does the kernel simulate the law it states? Statistical checks against independent answers."""
