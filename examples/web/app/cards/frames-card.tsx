import { Button, SegmentedControl } from "@mantine/core";
import { Fragment, memo, useState } from "react";
import { Card } from "../card.js";
import { type Frame, type FrameLog, keptFrames } from "../frames/frame-log.js";
import { useSeenLog } from "../frames/use-seen.js";
import { ArrowDownIcon, ArrowUpIcon } from "../icons.js";
import { useLanguage } from "../language/language.js";
import { useSession } from "../session/use-session.js";

const filters = ["all", "events", "commands", "library"] as const;
const columns = ["time", "direction", "name", "lane", "sequence", "latency", "valid"] as const;
type Filter = (typeof filters)[number];

/** Every frame of this window's connection, newest first. */
export function FramesCard() {
  const { say } = useLanguage();
  const { recorder } = useSession();
  const { element, value: live } = useSeenLog(recorder, 250);
  const [held, setHeld] = useState<FrameLog>();
  const [filter, setFilter] = useState<Filter>("all");
  const [opened, setOpened] = useState<number>();
  const { frames, total } = held ?? live;
  const shown = frames.filter((frame) => passes(frame, filter));
  return (
    <Card
      title={say("frames")}
      text={say("framesText", { total, kept: keptFrames })}
      aside={
        <Button size="compact-sm" variant="default" onClick={() => setHeld(held ? undefined : live)}>
          {say(held ? "resume" : "pause")}
        </Button>
      }
    >
      <SegmentedControl
        aria-label={say("frameFilter")}
        size="xs"
        mb="sm"
        value={filter}
        onChange={(value) => setFilter(value as Filter)}
        data={filters.map((value) => ({ value, label: say(value) }))}
      />
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a table that scrolls is reached by keyboard */}
      <section ref={element} className="frames" aria-label={say("frames")} tabIndex={0}>
        <table className="frames-table">
          <thead>
            <tr>
              {columns.map((key) => (
                <th key={key} scope="col">
                  {say(key)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {shown.map((frame) => (
              <Fragment key={frame.id}>
                <FrameRow frame={frame} open={opened === frame.id} onToggle={setOpened} />
                {opened === frame.id && (
                  <tr>
                    <td colSpan={columns.length}>
                      <pre className="frame-body">{JSON.stringify(frame.body, null, 2)}</pre>
                    </td>
                  </tr>
                )}
              </Fragment>
            ))}
          </tbody>
        </table>
      </section>
    </Card>
  );
}

interface FrameRowProps {
  readonly frame: Frame;
  readonly open: boolean;
  readonly onToggle: (opened: number | undefined) => void;
}

const FrameRow = memo(({ frame, open, onToggle }: FrameRowProps) => {
  const { language, say } = useLanguage();
  const { at, direction, kind, name, lane, seq, latencyMs, valid } = frame;
  const time = new Date(at).toLocaleTimeString(language, { hour12: false });
  return (
    <tr>
      <td className="mono dimmed">
        {time}.{String(at % 1_000).padStart(3, "0")}
      </td>
      <td>
        <span className={`direction direction-${direction}`}>
          {direction === "in" ? <ArrowDownIcon /> : <ArrowUpIcon />}
          {say(direction === "in" ? "incoming" : "outgoing")}
        </span>
      </td>
      <td>
        <button
          type="button"
          className="mono frame-name"
          aria-expanded={open}
          title={say("showBody", { name })}
          onClick={() => onToggle(open ? undefined : frame.id)}
        >
          {name}
          {kind === "answer" && <span className="dimmed"> {say("answer")}</span>}
        </button>
      </td>
      <td>{lane && <span className={`lane lane-${lane}`}>{say(lane)}</span>}</td>
      <td className="mono number">{seq}</td>
      <td className="mono number">{latencyMs !== undefined && `${latencyMs} ms`}</td>
      <td>
        {valid !== undefined && <span className={`verdict verdict-${valid}`}>{say(valid ? "valid" : "invalid")}</span>}
      </td>
    </tr>
  );
});

function passes({ kind }: Frame, filter: Filter): boolean {
  if (filter === "all") return true;
  if (filter === "events") return kind === "event";
  if (filter === "library") return kind === "library" || kind === "answer";
  return kind === "command";
}
