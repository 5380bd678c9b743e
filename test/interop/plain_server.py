"""An imitation of the Gestaloka server as it runs in production: python-socketio, knowing nothing of this package.

Its handlers take one payload, it trusts the `user_id` of that payload, lets everybody in, acknowledges with no
value, and stamps naive UTC. What it emits has the shape of the captured frames. `server_control.py` adds the hooks
by which a test makes it misbehave; they change nothing until they are used.
"""

import asyncio
import datetime
import uuid

import socketio
from aiohttp import web

from json_lines import report, serve_commands, start_options
from server_control import ServerControl


class PlainServer(socketio.AsyncServer):
    """Reports what arrives, before python-socketio calls the handler, and what the handler raises."""

    control = None

    async def _trigger_event(self, event, namespace, *args):
        if event in ("connect", "disconnect"):
            return await super()._trigger_event(event, namespace, *args)
        sid, payloads = args[0], list(args[1:])
        self.control.record(event, sid, payloads)
        try:
            await self.control.before_handler(event)
            result = await super()._trigger_event(event, namespace, *args)
        except Exception as error:
            self.control.record_exception(event, sid, error)
            raise
        return self.control.ack_for(event, result, self.not_handled)


def now():
    return datetime.datetime.utcnow().isoformat()


def game_room(game_session_id):
    return f"game_{game_session_id}"


def user_room(user_id):
    return f"user_{user_id}"


def register_handlers(sio, control):
    @sio.event
    async def connect(sid, environ, auth=None):
        control.connecting(sid, environ, auth)
        if control.greets:
            await sio.emit("connected", {"message": "正常に接続されました", "sid": sid, "timestamp": now()}, to=sid)

    @sio.event
    async def disconnect(sid):
        control.disconnected(sid)

    @sio.event
    async def join_game(sid, data):
        game_session_id, user_id = data.get("game_session_id"), data.get("user_id")
        if not game_session_id or not user_id:
            await sio.emit("error", {"message": "ゲームセッションIDとユーザーIDが必要です"}, to=sid)
            return
        sio.enter_room(sid, user_room(user_id))
        sio.enter_room(sid, game_room(game_session_id))
        await sio.emit("joined_game", {
            "message": "ゲームセッションに参加しました", "game_session_id": game_session_id, "timestamp": now(),
        }, to=sid)
        await sio.emit("player_joined", {"user_id": user_id, "timestamp": now()},
                       room=game_room(game_session_id), skip_sid=sid)

    @sio.event
    async def leave_game(sid, data):
        game_session_id, user_id = data.get("game_session_id"), data.get("user_id")
        if not game_session_id or not user_id:
            await sio.emit("error", {"message": "ゲームセッションIDとユーザーIDが必要です"}, to=sid)
            return
        sio.leave_room(sid, game_room(game_session_id))
        await sio.emit("left_game", {"message": "ゲームセッションから退出しました", "timestamp": now()}, to=sid)
        await sio.emit("player_left", {"user_id": user_id, "timestamp": now()}, room=game_room(game_session_id))

    @sio.event
    async def game_action(sid, data):
        game_session_id, user_id, action = data.get("game_session_id"), data.get("user_id"), data.get("action")
        if not game_session_id or not user_id or not action:
            await sio.emit("error", {"message": "必要なパラメータが不足しています"}, to=sid)
            return
        await sio.emit("action_received", {
            "message": "アクションを受信しました", "action": action, "timestamp": now(),
        }, to=sid)
        room = game_room(game_session_id)
        await sio.emit("processing_started", {
            "type": "processing_started", "action": action, "status": "AI処理を開始しています...", "timestamp": now(),
        }, room=room)
        await sio.emit("game_progress", {
            "type": "ai_processing_progress", "percentage": 50, "message": "物語を生成しています",
            "current_task": "narrative", "estimated_time_remaining": None, "details": {}, "elapsed_time": 0.25,
            "timestamp": now(),
        }, room=room)
        result = {
            "success": True, "message": f"アクション '{action}' を処理しました",
            "narrative": "GM: アクションの結果がここに表示されます。",
        }
        await sio.emit("game_update", {
            "type": "action_result", "action": action, "result": result, "timestamp": now(),
        }, room=room)
        await sio.emit("message_added", {
            "type": "message_added",
            "message": {
                "id": str(uuid.uuid4()), "content": result["narrative"], "message_type": "gm_narrative",
                "sender_type": "gm", "turn_number": 1, "metadata": {"choices": []}, "created_at": now(),
            },
            "choices": [{"id": "1", "text": "進む"}, {"id": "2", "text": "戻る", "description": "安全"}],
            "timestamp": now(),
        }, room=room)
        await sio.emit("processing_completed", {
            "type": "processing_completed", "status": "AI処理が完了しました", "timestamp": now(),
        }, room=room)

    @sio.event
    async def chat_message(sid, data):
        game_session_id, user_id, message = data.get("game_session_id"), data.get("user_id"), data.get("message")
        if not game_session_id or not user_id or not message:
            await sio.emit("error", {"message": "必要なパラメータが不足しています"}, to=sid)
            return
        await sio.emit("chat_message", {"user_id": user_id, "message": message, "timestamp": now()},
                       room=game_room(game_session_id))

    @sio.event
    async def npc_action(sid, data):
        game_session_id, user_id = data.get("game_session_id"), data.get("user_id")
        npc_id, action = data.get("npc_id"), data.get("action")
        if not game_session_id or not user_id or not npc_id or not action:
            await sio.emit("error", {"message": "必要なパラメータが不足しています"}, to=sid)
            return
        await sio.emit("npc_action_result", {
            "type": "npc_action_result", "npc_id": npc_id, "action": action, "result": "NPCが応答しました",
            "state_changes": None, "rewards": [{"type": "sp", "amount": 5, "item": None}], "timestamp": now(),
        }, room=game_room(game_session_id))

    @sio.event
    async def ping(sid, data):
        await sio.emit("pong", {"timestamp": data.get("timestamp")}, to=sid)


async def serve(options, control_of):
    """Serves the handlers above, under the control that `control_of` makes, until its test has had enough."""
    sio = PlainServer(async_mode="aiohttp", cors_allowed_origins="*", **options["server"])
    control = sio.control = control_of(sio)
    register_handlers(sio, control)
    app = web.Application(middlewares=[control.remember_transport])
    sio.attach(app)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, options["host"], options["port"], reuse_address=True)
    await site.start()
    report("ready", port=runner.addresses[0][1])
    await serve_commands(control.commands())
    # Open connections, long polls among them, must not hold the process back when it is told to stop.
    control.abort_all()
    await asyncio.wait([asyncio.create_task(runner.cleanup())], timeout=1)


if __name__ == "__main__":
    asyncio.run(serve(start_options({"host": "127.0.0.1", "port": 0, "server": {}}), ServerControl))
