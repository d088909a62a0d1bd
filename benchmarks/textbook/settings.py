"""What the peer is told, from the environment; the library reads its own `POSTGRES_...`."""

from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="TEXTBOOK_")

    kafka: str
    commands: str
    events: str
    group: str = "textbook"
    ack_policy: str = "ack"
    learners: int = 0
