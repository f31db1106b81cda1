"""What every part of the settings has in common."""

from pydantic import BaseModel, ConfigDict


class Section(BaseModel):
    """Part of the settings: frozen, and a key that is not known is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True)
