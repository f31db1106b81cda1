"""What an analyst drives: read the data, check it, compare, size the opportunity, write the pack."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from variation.version import VERSION

if TYPE_CHECKING:
    from variation.analysis import Analysis, analyse
    from variation.errors import Finding, InputError, SettingsError, VariationError
    from variation.example import dorset, write_example
    from variation.inputs import Inputs, read_inputs
    from variation.league import league
    from variation.packs.pack import write_pack

__version__ = VERSION

# What an analysis needs, and where it lives. Loaded when first asked for: help must come at once.
_HOMES = {
    "Analysis": "variation.analysis",
    "Finding": "variation.errors",
    "InputError": "variation.errors",
    "Inputs": "variation.inputs",
    "SettingsError": "variation.errors",
    "VariationError": "variation.errors",
    "analyse": "variation.analysis",
    "dorset": "variation.example",
    "league": "variation.league",
    "read_inputs": "variation.inputs",
    "write_example": "variation.example",
    "write_pack": "variation.packs.pack",
}

__all__ = [
    "Analysis",
    "Finding",
    "InputError",
    "Inputs",
    "SettingsError",
    "VariationError",
    "__version__",
    "analyse",
    "dorset",
    "league",
    "read_inputs",
    "write_example",
    "write_pack",
]


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module 'variation' has no attribute {name!r}")
