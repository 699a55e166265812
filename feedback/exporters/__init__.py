"""Files that leave the clinic. Each exporter takes a `Release`, nothing else, so the type carries the promise.

The same release gives the same bytes. Nothing here opens a database or knows what day it is.
"""

from feedback.exporters.export import FORMATS, Format, export, package
from feedback.exporters.file import ExportedFile

__all__ = ["FORMATS", "ExportedFile", "Format", "export", "package"]
