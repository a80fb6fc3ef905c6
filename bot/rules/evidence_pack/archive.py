"""A ZIP file of which there is only one for the same files: nothing compressed, no times. Part of `verify.py`."""

import io
import struct
import zipfile
import zlib
from collections.abc import Mapping
from typing import Final

# The fields of APPNOTE.TXT 4.3.7, 4.3.12 and 4.3.16: version 2.0, names in UTF-8, stored, 1 January 1980.
_UTF_8, _STORED, _TIME, _DAY = 0x800, 0, 0, 0x21
_FILE: Final = struct.Struct("<4s5H3L2H")
_ENTRY: Final = struct.Struct("<4s6H3L5H2L")
_END: Final = struct.Struct("<4s4H2LH")
_PRIVATE: Final = 0o100600 << 16  # only the owner may read what is unpacked
_UNIX: Final = 3 << 8 | 20


def zipped(files: Mapping[str, bytes]) -> bytes:
    """The files as a ZIP, in this order."""
    data, directory = bytearray(), bytearray()
    for name, content in files.items():
        key, size, offset = name.encode(), len(content), len(data)
        common = (_UTF_8, _STORED, _TIME, _DAY, zlib.crc32(content), size, size, len(key), 0)
        data += _FILE.pack(b"PK\3\4", 20, *common) + key + content
        directory += _ENTRY.pack(b"PK\1\2", _UNIX, 20, *common, 0, 0, 0, _PRIVATE, offset) + key
    n = len(files)
    return bytes(data + directory + _END.pack(b"PK\5\6", 0, 0, n, n, len(directory), len(data), 0))


def unzipped(packed: bytes) -> dict[str, bytes]:
    """The files of a ZIP that `zipped` made. Raises ValueError if a byte of it is not as `zipped` writes it."""
    try:
        with zipfile.ZipFile(io.BytesIO(packed)) as archive:
            files = {info.filename: archive.read(info) for info in archive.infolist()}
    except (zipfile.BadZipFile, zlib.error, struct.error, OSError, EOFError, ValueError, RuntimeError) as error:
        raise ValueError(f"The ZIP file is damaged ({error}).") from None
    if zipped(files) != packed:
        raise ValueError("The ZIP file has bytes that are not as Backstop writes them.")
    return files
