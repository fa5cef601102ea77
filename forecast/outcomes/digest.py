"""Digests of labelled values: what they are, not how they happen to be stored."""

from __future__ import annotations

from hashlib import blake2b
from typing import Any

import numpy as np
from numpy.typing import NDArray


def digest_of(name: str, values: NDArray[Any]) -> bytes:
    """Return a digest of an array's name, type, shape and values (BLAKE2b, 256 bits).

    Parameters
    ----------
    name
        Path of the array in its store.
    values
        Numbers, or texts (object or string arrays), of any shape and memory order.
    """
    seen = blake2b(digest_size=32)
    text = values.dtype.kind in "OTU"
    plain = np.ascontiguousarray(values)
    if not text:
        plain = plain.astype(values.dtype.newbyteorder("<"), copy=False)
    kind = "text" if text else plain.dtype.str
    seen.update(f"{name}|{kind}|{values.shape}|".encode())
    seen.update(_texts(values) if text else plain.reshape(-1).view(np.uint8).data)
    return seen.digest()


def _texts(values: NDArray[Any]) -> bytes:
    words = [str(word).encode() for word in values.ravel()]
    return b"".join(len(word).to_bytes(8, "little") + word for word in words)


def checksum_of(name: str, values: NDArray[Any]) -> int:
    """Return the first 64 bits of the digest."""
    return int.from_bytes(digest_of(name, values)[:8], "little")


def text_digest(text: str) -> str:
    """Return a text's digest as hexadecimal digits."""
    return blake2b(text.encode(), digest_size=16).hexdigest()


def object_digest(data: bytes) -> str:
    """Return the digest of an object's bytes as hexadecimal digits."""
    return blake2b(data, digest_size=16).hexdigest()
