"""Link headers (RFC 8288), as far as licences need them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from server.core.signals.site import RSL_TYPE

_LINK = re.compile(r"<([^<>]*)>((?:\s*;\s*[\w!#$&+.^`|~*-]+(?:\s*=\s*(?:\"[^\"]*\"|[^\s\",;]+))?)*)")
_PARAMETER = re.compile(r";\s*([\w!#$&+.^`|~*-]+)\s*=\s*(?:\"([^\"]*)\"|([^\s\",;]+))")


def licence_links(value: str) -> Iterator[str]:
    """Targets of the links of one header value whose relation is license and whose type is RSL's."""
    for target, rest in _LINK.findall(value):
        parameters = {name.lower(): (quoted or bare).lower() for name, quoted, bare in _PARAMETER.findall(rest)}
        if "license" in parameters.get("rel", "").split() and parameters.get("type") == RSL_TYPE:
            yield target
