"""Folders of a pack on disk: what upper rooms read and write through `ports.PackFolder`."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from courses.curriculum import yaml_lines
from courses.curriculum.problems import PackError, Spot
from lms.core.errors import Refused


@dataclass(frozen=True)
class Folder:
    """A folder inside a pack. `base` is what messages leave out of file names."""

    path: Path
    base: Path

    def label(self, name: str) -> str:
        """How messages call the file `name`."""
        return (self.path / name).relative_to(self.base).as_posix()

    def spot(self, name: str, line: int = 1) -> Spot:
        """A place in the file `name`, to hang problems on."""
        return Spot(self.label(name), line)

    def below(self, name: str) -> "Folder":
        """A folder inside this one."""
        return Folder(self.path / name, self.base)

    def has(self, name: str) -> bool:
        """Whether the file exists."""
        return (self.path / name).is_file()

    def read(self, name: str) -> Any:
        """The parsed content of a YAML file (`yaml_lines.Mapping`, `Sequence`), None where it is absent."""
        file = self.path / name
        if not file.is_file():
            return None
        try:
            text = file.read_text(encoding="utf-8")
        except UnicodeDecodeError as error:
            raise PackError.at(self.label(name), 1, _("This is not a text file in UTF-8.")) from error
        return yaml_lines.parse(text, self.label(name))

    def file(self, name: str) -> Path:
        """A file below the folder. Raises Refused where it is not there, or leads elsewhere."""
        file = self.path / name
        if not file.is_file():
            raise Refused(_("There is no file %s.") % self.label(name))
        if file.resolve() != self.path.resolve() / name:
            raise Refused(_("%s is a link to elsewhere: put the file itself there.") % self.label(name))
        return file

    def write_bytes(self, name: str, content: bytes) -> None:
        """Write a file that is no YAML."""
        file = self.path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)

    def names(self, pattern: str) -> list[str]:
        """Names of files that match a glob pattern, sorted."""
        return sorted(file.relative_to(self.path).as_posix() for file in self.path.glob(pattern) if file.is_file())

    def folders(self) -> list[str]:
        """Names of the folders right inside, sorted."""
        return sorted(path.name for path in self.path.iterdir() if path.is_dir()) if self.path.is_dir() else []

    def write(self, name: str, content: Any) -> None:
        """Write a YAML file. Where it exists and both are mappings, the new names join the old ones."""
        file = self.path / name
        if isinstance(content, dict) and file.is_file():
            content = {**self.read(name), **content}
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(yaml_lines.write(plain(content)), encoding="utf-8")


def plain(value: Any) -> Any:
    """Parsed or cleaned content as ordinary dicts and lists."""
    if isinstance(value, dict):
        return {str(name): plain(part) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [plain(part) for part in value]
    return value
