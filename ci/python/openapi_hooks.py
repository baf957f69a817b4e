"""What schemathesis cannot make up: messages and certificate requests that are in order, and how certificate requests are sent.

ci/openapi.sh names a folder of files in TDAM_OPENAPI_EXAMPLES_FOLDER. Each is one example of the operation that it is named after.
"""

import os
import pathlib

import schemathesis

FOLDER = pathlib.Path(os.environ["TDAM_OPENAPI_EXAMPLES_FOLDER"])
MEDIA_TYPES = {".xml": "application/xml", ".csr": "application/pkcs10", ".json": "application/json", ".bin": "application/octet-stream"}

schemathesis.serializer.alias("application/pkcs10", "application/octet-stream")


@schemathesis.hook
def before_add_examples(context, examples):
    operation = context.operation.definition.raw.get("operationId")
    for path in sorted(FOLDER.glob(f"{operation}*")):
        body = path.read_bytes()
        if path.suffix == ".query":
            name, value = body.decode().strip().split("=", 1)
            examples.append(context.operation.Case(query={name: value}))
        else:
            examples.append(context.operation.Case(body=body, media_type=MEDIA_TYPES[path.suffix]))
