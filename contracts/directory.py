"""The directory: schools with their plans, users with their roles.

Names and e-mail addresses live here alone, where they can be erased; a tombstone
(a message with no value) under the same key erases the record.
"""

from typing import Annotated

from pydantic import Field

from .fields import Email, Label, Language, RoleLevel, SchoolId, UserId
from .model import Contract


class School(Contract):
    """A school; its Kafka key is ``school``."""

    school: SchoolId
    plan: Label = Field(description="starter, pro_trainer, learning_center, ...")
    name: Label | None = None
    language: Language | None = Field(None, description="Of its e-mails, where a user has none.")


class User(Contract):
    """A user of a school, learner or not; the Kafka key is ``school/user``."""

    school: SchoolId
    user: UserId
    role_level: RoleLevel = Field("user", description="Only admin passes (A1).")
    role: Label | None = Field(None, description="A custom role's own name.")
    name: Label | None = None
    email: Email | None = None
    language: Language | None = Field(None, description="Of the e-mails that the user gets.")
    tags: Annotated[
        tuple[Label, ...], Field(max_length=200, description="Up to 200 labels of the school's.")
    ] = ()
