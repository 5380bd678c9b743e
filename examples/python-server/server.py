"""A game on python-socketio whose events come from the contract."""

import inspect
import logging
import os

import socketio
import uvicorn

from gestaloka_events import GameEventEmitter, SPEventEmitter, TransactionType, fill, game_room, user_room, validate

ACTION_COST = 30

logging.basicConfig(level=logging.INFO)
pages = os.environ.get("PAGES", "http://localhost:5173").split(",")
sio = socketio.AsyncServer(async_mode="asgi", cors_allowed_origins=pages)
game = GameEventEmitter(sio)
points = SPEventEmitter(sio)
balances: dict[str, int] = {}


def user_of(auth: object) -> str | None:
    """Whose a connection is; an application reads a signed token here."""
    token = auth.get("token") if isinstance(auth, dict) else None
    return token if isinstance(token, str) and token.isidentifier() else None


async def enter(sid: str, room: str) -> None:
    entering = sio.enter_room(sid, room)
    if inspect.isawaitable(entering):  # since python-socketio 5.10
        await entering


async def read(sid: str, command: str, payload: object) -> str | None:
    """Gives the sender of a command that is one of the contract; the sender of any other is told."""
    issues = validate(command, payload, direction="client_to_server", role="reader")
    if issues:
        error = fill("error", {"message": "That cannot be read.", "error": "payload_invalid"})
        await sio.emit("error", error, to=sid)
        return None
    return (await sio.get_session(sid))["user_id"]


@sio.event
async def connect(sid: str, environ: dict, auth: object = None) -> None:
    user_id = user_of(auth)
    if user_id is None:
        raise socketio.exceptions.ConnectionRefusedError("unauthenticated")
    await sio.save_session(sid, {"user_id": user_id})
    balances.setdefault(user_id, 50)
    await enter(sid, user_room(user_id))
    await sio.emit("connected", fill("connected", {"sid": sid}), to=sid)


@sio.event
async def join_game(sid: str, payload: dict) -> None:
    # Who the sender is says the connection, never the payload.
    user_id = await read(sid, "join_game", payload)
    if user_id is None:
        return
    room = game_room(payload["game_session_id"])
    await enter(sid, room)
    joined = fill("joined_game", {"game_session_id": payload["game_session_id"]})
    await sio.emit("joined_game", joined, to=sid)
    await sio.emit("player_joined", fill("player_joined", {"user_id": user_id}), room=room, skip_sid=sid)


@sio.event
async def game_action(sid: str, payload: dict) -> None:
    user_id = await read(sid, "game_action", payload)
    if user_id is None:
        return
    session, action, balance = payload["game_session_id"], payload["action"], balances[user_id]
    if balance < ACTION_COST:
        await points.emit_sp_insufficient(
            user_id=user_id, required_amount=ACTION_COST, current_sp=balance, action=action
        )
        return
    balances[user_id] = balance - ACTION_COST
    await points.emit_sp_update(
        user_id=user_id,
        current_sp=balances[user_id],
        amount_changed=-ACTION_COST,
        transaction_type=TransactionType.FREE_ACTION,
        description=action,
    )
    await game.emit_action_result(game_session_id=session, user_id=user_id, action=action, result={"success": True})


@sio.event
async def chat_message(sid: str, payload: dict) -> None:
    user_id = await read(sid, "chat_message", payload)
    if user_id is not None:
        await game.emit_chat_message(
            game_session_id=payload["game_session_id"], user_id=user_id, message=payload["message"]
        )


if __name__ == "__main__":
    uvicorn.run(socketio.ASGIApp(sio), host="127.0.0.1", port=int(os.environ.get("PORT", "8000")), log_config=None)
