import { useConnection } from "@gestaloka/events/react";
import { Button, Group, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { Card } from "../card.js";
import { useLanguage } from "../language/language.js";
import { useSession } from "../session/use-session.js";
import type { Story } from "../session/use-story.js";
import { useScrolledDown } from "../use-scrolled-down.js";

export function ChatCard({ story }: { readonly story: Story }) {
  const { language, say } = useLanguage();
  const { player } = useSession();
  const { chat, pendingSayings } = story;
  const list = useScrolledDown(chat.length + pendingSayings.length);
  const [message, setMessage] = useState("");
  const connected = useConnection().status === "connected";

  function send(event: FormEvent): void {
    event.preventDefault();
    if (!message.trim()) return;
    story.say(message.trim());
    setMessage("");
  }

  return (
    <Card title={say("chat")} className="chat-card">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a list that scrolls is reached by keyboard */}
      <div ref={list} role="log" aria-label={say("chatLog")} tabIndex={0} className="chat-log">
        {chat.length + pendingSayings.length === 0 && <p className="empty">{say("noChat")}</p>}
        {chat.map((saying) => (
          <div
            key={`${saying.user_id} ${saying.timestamp}`}
            className="chat-message"
            data-own={saying.user_id === player}
          >
            <span className="chat-bubble">{saying.message}</span>
            <span className="chat-meta">
              {saying.user_id === player ? say("you") : say(saying.user_id === "alice" ? "alice" : "bob")}
              {" · "}
              {new Date(saying.timestamp).toLocaleTimeString(language, { hour: "2-digit", minute: "2-digit" })}
            </span>
          </div>
        ))}
        {pendingSayings.map(({ id, payload }) => (
          <div key={id} className="chat-message" data-own data-pending>
            <span className="chat-bubble">{payload.message}</span>
            <span className="chat-meta">{say(connected ? "sent" : "queued")}</span>
          </div>
        ))}
      </div>
      <form onSubmit={send}>
        <Group gap="sm" align="flex-end" wrap="nowrap">
          <TextInput
            className="grow"
            label={say("chatLabel")}
            placeholder={say("chatPlaceholder")}
            value={message}
            maxLength={2_000}
            onChange={(event) => setMessage(event.currentTarget.value)}
          />
          <Button type="submit">{say("send")}</Button>
        </Group>
      </form>
    </Card>
  );
}
