"""libxml2's verdicts on standard input and output, one after the other: fuzz_targets/differential.rs says in which form.

Through the library itself, as xmllint uses it, so that a verdict costs no process.
"""

import ctypes
import pathlib
import struct
import sys

XML_PARSE_NONET = 1 << 11
NAMESPACE = 3  # xmlErrorDomain


class Error(ctypes.Structure):
    _fields_ = [("domain", ctypes.c_int), ("code", ctypes.c_int), ("message", ctypes.c_char_p)]


def typed(library, name, result, *arguments):
    function = getattr(library, name)
    function.restype, function.argtypes = result, arguments
    return function


pointer, text, number = ctypes.c_void_p, ctypes.c_char_p, ctypes.c_int
library = ctypes.CDLL("libxml2.so.2")
read_memory = typed(library, "xmlReadMemory", pointer, text, number, text, text, number)
free_document = typed(library, "xmlFreeDoc", None, pointer)
schema_parser = typed(library, "xmlSchemaNewParserCtxt", pointer, text)
parse_schema = typed(library, "xmlSchemaParse", pointer, pointer)
new_validation = typed(library, "xmlSchemaNewValidCtxt", pointer, pointer)
free_validation = typed(library, "xmlSchemaFreeValidCtxt", None, pointer)
validate = typed(library, "xmlSchemaValidateDoc", number, pointer, pointer)

said = []


@ctypes.CFUNCTYPE(None, pointer, ctypes.POINTER(Error))
def note(_, error):
    prefix = b"namespace error : " if error.contents.domain == NAMESPACE else b""
    said.append(prefix + (error.contents.message or b""))


library.xmlSetStructuredErrorFunc(None, note)
folder = pathlib.Path(sys.argv[1])
schemas = {}


def schema_of(message):
    if message not in schemas:
        schemas[message] = parse_schema(schema_parser(str(folder / f"{message}.xsd").encode()))
        assert schemas[message], f"{message}.xsd is no schema"
    return schemas[message]


def verdict(message, document):
    said.clear()
    tree = read_memory(document, len(document), b"document", None, XML_PARSE_NONET)
    if not tree:
        return False
    validation = new_validation(schema_of(message))
    valid = validate(validation, tree) == 0
    free_validation(validation)
    free_document(tree)
    return valid


def read_part():
    head = sys.stdin.buffer.read(4)
    return sys.stdin.buffer.read(struct.unpack("<I", head)[0]) if len(head) == 4 else None


while (message := read_part()) is not None:
    valid = verdict(message.decode(), read_part())
    words = b"".join(said)
    sys.stdout.buffer.write((b"1" if valid else b"0") + struct.pack("<I", len(words)) + words)
    sys.stdout.buffer.flush()
