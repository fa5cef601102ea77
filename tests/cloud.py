"""An S3 server on loopback, for tests of stores in object stores."""

from __future__ import annotations

import logging
import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager

import boto3
import pytest
from moto import backends
from moto.server import ThreadedMotoServer

from forecast.outcomes.places.bucket import _opened


@contextmanager
def served_bucket() -> Iterator[str]:
    """Yield the address of an empty bucket; the environment of this process leads to it."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    modules = list(backends.list_of_moto_modules())
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    bucket = f"bucket-{uuid.uuid4().hex}"
    with pytest.MonkeyPatch.context() as patch:
        # The server would look through its folders at every request, a third of its time.
        patch.setattr(backends, "list_of_moto_modules", lambda: modules)
        for name in [name for name in os.environ if name.startswith("AWS_")]:
            patch.delenv(name)
        patch.setenv("AWS_ACCESS_KEY_ID", "key")
        patch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
        patch.setenv("AWS_REGION", "us-east-1")
        patch.setenv("AWS_ENDPOINT_URL", f"http://{host}:{port}")
        patch.setenv("AWS_ALLOW_HTTP", "true")
        client = boto3.client("s3", region_name="us-east-1")
        client.create_bucket(Bucket=bucket)
        client.close()
        _opened.cache_clear()
        yield f"s3://{bucket}"
    _opened.cache_clear()
    server.stop()
