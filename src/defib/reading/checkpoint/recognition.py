"""What a file is, by its first bytes; its name is not believed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from defib.reading.checkpoint import problems
from defib.reading.checkpoint.problems import Broken
from defib.words import Words

if TYPE_CHECKING:
    from pathlib import Path

Format = Literal["torch", "safetensors"]

_START = 1024
_HEADER = 9  # safetensors: eight bytes of length, then the brace of the JSON object

# torch.save before 1.6: a pickle of this number, 0x1950a86a20f9469cfc6c, comes first.
_LEGACY = b"\x8a\nl\xfc\x9cF\xf9 j\xa8P\x19."

_KNOWN: tuple[tuple[bytes, Words], ...] = (
    (b"\x89PNG", Words(en="a PNG image", zh="一幅 PNG 图像")),
    (b"\xff\xd8\xff", Words(en="a JPEG image", zh="一幅 JPEG 图像")),
    (b"GIF8", Words(en="a GIF image", zh="一幅 GIF 图像")),
    (b"\x1f\x8b", Words(en="a gzip archive", zh="一个 gzip 压缩包")),
    (b"7z\xbc\xaf", Words(en="a 7z archive", zh="一个 7z 压缩包")),
    (b"\x89HDF", Words(en="an HDF5 file", zh="一个 HDF5 文件")),
    (b"\x93NUMPY", Words(en="a NumPy array", zh="一个 NumPy 数组")),
    (b"%PDF", Words(en="a PDF document", zh="一份 PDF 文档")),
    (b"GGUF", Words(en="a GGUF model", zh="一个 GGUF 模型")),
    (
        b"version https://git-lfs",
        Words(en="a Git LFS pointer; the file itself was not downloaded", zh="一个 Git LFS 指针，文件本身并没有下载"),
    ),
    (b"{", Words(en="JSON text", zh=" JSON 文本")),
)


def recognise(path: Path) -> Format:
    """Say which kind of checkpoint a file holds.

    Raises Broken when it is none, OSError when it cannot be read.
    """
    if not path.is_file():  # a pipe would block, a folder is another kind of checkpoint
        raise Broken(problems.NOT_A_FILE)
    with path.open("rb") as stream:
        start = stream.read(_START)
    if not start:
        raise Broken(problems.EMPTY)
    named = path.suffix.lower() == ".safetensors"
    if start.startswith(b"PK\x03\x04"):
        if named:
            raise Broken(problems.WRONG_NAME.fill(name=path.name, found=Words(en="a zip archive", zh=" zip 归档")))
        return "torch"
    if start[_HEADER - 1 : _HEADER] == b"{" and int.from_bytes(start[: _HEADER - 1], "little") <= path.stat().st_size:
        if not named:
            raise Broken(problems.WRONG_NAME.fill(name=path.name, found=Words(en="safetensors", zh=" safetensors")))
        return "safetensors"
    if named:
        raise Broken(problems.FOREIGN_FILE.fill(found=_looks_like(start)))
    if start[0] == 0x80 and start[2:].startswith(_LEGACY):  # noqa: PLR2004 (0x80 is the pickle opcode PROTO)
        raise Broken(problems.LEGACY)
    if start[0] == 0x80 and start[1:2] in (b"\x02", b"\x03", b"\x04", b"\x05"):  # noqa: PLR2004 (likewise)
        raise Broken(problems.BARE_PICKLE)
    raise Broken(problems.FOREIGN_FILE.fill(found=_looks_like(start)))


def _looks_like(start: bytes) -> Words:
    for beginning, found in _KNOWN:
        if start.startswith(beginning):
            return found
    if start.lstrip()[:14].lower().startswith((b"<!doctype html", b"<html")):
        return Words(
            en="an HTML page, perhaps an error page saved by a download", zh="一个 HTML 页面，可能是下载时存下的错误页"
        )
    if not start.strip(b"\0"):
        return Words(
            en="zeros only; the disk may have been full, or a download was not finished",
            zh="全零数据，可能磁盘已满或下载未完成",
        )
    if b"\0" not in start and _is_text(start):
        return Words(en="text", zh="文本")
    return Words(en="binary data of another kind", zh="其他类型的二进制数据")


def _is_text(start: bytes) -> bool:
    try:
        # The last character may have been cut by the reading, not by its author.
        start[: len(start) - 3 if len(start) == _START else None].decode()
    except UnicodeDecodeError:
        return False
    return True
