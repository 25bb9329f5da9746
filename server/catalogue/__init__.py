"""The catalogue: one TOML file a platform, validated and turned into the values of the core. See docs/catalogue.md."""

from server.catalogue.catalogue import Catalogue
from server.catalogue.loader import load

__all__ = ["Catalogue", "load"]
