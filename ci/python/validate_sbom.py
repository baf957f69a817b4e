"""Holds an SBOM against the CycloneDX schema that its specVersion names."""

import sys

from cyclonedx.schema import OutputFormat, SchemaVersion
from cyclonedx.validation import make_schemabased_validator

with open(sys.argv[1], encoding="utf-8") as file:
    text = file.read()
error = make_schemabased_validator(OutputFormat.JSON, SchemaVersion.V1_6).validate_str(text)
if error is not None:
    sys.exit(f"{sys.argv[1]}: {error!r}")
