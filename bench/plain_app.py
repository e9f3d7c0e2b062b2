"""The least that answers with the libraries of a built backend: what a start costs at best."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import argon2
import jwt
import loguru
import prometheus_client
import pydantic_settings
import uvicorn
from fastapi import FastAPI
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

LIBRARIES = (argon2, jwt, loguru, prometheus_client, pydantic_settings)
engine = create_async_engine(os.environ["DATABASE_URL"])


@asynccontextmanager
async def lifespan(_: FastAPI) -> AsyncIterator[None]:
    """Close the connections at the end."""
    yield
    await engine.dispose()


app = FastAPI(lifespan=lifespan)


@app.get("/readyz")
async def readyz() -> dict[str, str]:
    """Ask the database for a sign of life."""
    async with engine.connect() as connection:
        await connection.execute(text("SELECT 1"))
    return {"status": "ready"}


if __name__ == "__main__":
    port = int(os.environ["PORT"])
    uvicorn.run(app, port=port, loop="uvloop", http="httptools", log_level="warning")
