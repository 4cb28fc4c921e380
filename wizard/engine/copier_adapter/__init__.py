"""The only package that knows Copier, private names included (9.19.x; tests hold them).

Copier can neither list a template's questions nor render into memory, so its `Worker` is
subclassed: everything is rendered by its own code, but what it is about to write is recorded
instead. Template and Jinja environment are shared between renderings, `from_string` is memoised,
and what each piece reads is recorded, so that a caller can keep what has not changed.
"""

from wizard.engine.copier_adapter.renderer import Asked, Rendered, Source, Target
from wizard.engine.copier_adapter.template import OpenTemplate

__all__ = ["Asked", "OpenTemplate", "Rendered", "Source", "Target"]
