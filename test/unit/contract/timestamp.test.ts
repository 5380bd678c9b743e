import { parseTimestamp, timestampPattern } from "@gestaloka/events";
import { afterEach, describe, expect, it } from "vitest";

const moment = Date.UTC(2026, 10, 24, 5, 28, 59);
const zones = ["", "Z", "+00:00", "-00:00"];

describe("parseTimestamp", () => {
  const zoneOfHost = process.env.TZ;
  afterEach(() => {
    if (zoneOfHost === undefined) delete process.env.TZ;
    else process.env.TZ = zoneOfHost;
  });

  it.each(["Asia/Tokyo", "America/New_York", "UTC", "Pacific/Apia"])(
    "reads a naive timestamp as UTC on a host in %s",
    (zone) => {
      process.env.TZ = zone;
      const local = new Date("2026-11-24T05:28:59").getTimezoneOffset();
      expect(local === 0).toBe(zone === "UTC");
      expect(parseTimestamp("2026-11-24T05:28:59")).toBe(moment);
      expect(parseTimestamp("2026-11-24T05:28:59.614747")).toBe(moment + 614);
      expect(parseTimestamp("2026-11-24T05:28:59+00:00")).toBe(moment);
    },
  );

  it.each(zones)("reads 0 to 9 fraction digits with the zone %j, cutting off what is below 1 ms", (zone) => {
    const digits = "987654321";
    for (let length = 0; length <= 9; length++) {
      const fraction = length === 0 ? "" : `.${digits.slice(0, length)}`;
      const ms = length === 0 ? 0 : Number(digits.slice(0, length).slice(0, 3).padEnd(3, "0"));
      expect(parseTimestamp(`2026-11-24T05:28:59${fraction}${zone}`), fraction).toBe(moment + ms);
    }
    expect(parseTimestamp(`2026-11-24T05:28:59.9999999${zone}`)).toBe(moment + 999);
    expect(parseTimestamp(`2026-11-24T05:28:59.0123456789${zone}`)).toBeNaN();
    expect(parseTimestamp(`2026-11-24T05:28:59.${zone}`)).toBeNaN();
  });

  it("reads offsets of both signs, up to a day", () => {
    expect(parseTimestamp("2026-11-24T05:28:59+09:00")).toBe(moment - 9 * 3_600_000);
    expect(parseTimestamp("2026-11-24T05:28:59.5-03:30")).toBe(moment + 500 + 3.5 * 3_600_000);
    expect(parseTimestamp("2026-11-24T05:28:59+23:59")).toBe(moment - 86_340_000);
    expect(parseTimestamp("2026-11-24T05:28:59-23:59")).toBe(moment + 86_340_000);
  });

  it("reads the first and the last moment of four digits", () => {
    expect(parseTimestamp("0000-01-01T00:00:00")).toBe(-62_167_219_200_000);
    expect(parseTimestamp("9999-12-31T23:59:59.999Z")).toBe(253_402_300_799_999);
  });

  it("knows the calendar: a day is read if its year has it, leap years included, and refused if not", () => {
    const years = [1900, 1996, 2000, 2023, 2024, 2026, 2028, 2100, 2400];
    for (const year of years)
      for (let month = 0; month <= 13; month++)
        for (let day = 0; day <= 32; day++) {
          const text = `${year}-${String(month).padStart(2, "0")}-${String(day).padStart(2, "0")}T00:00:00Z`;
          const date = new Date(Date.UTC(year, month - 1, day));
          const exists = month >= 1 && day >= 1 && date.getUTCMonth() === month - 1 && date.getUTCFullYear() === year;
          expect(Number.isNaN(parseTimestamp(text)), text).toBe(!exists);
        }
  });

  it.each([
    ["hour", (n: number) => `2026-11-24T${n}:28:59`, 23],
    ["minute", (n: number) => `2026-11-24T05:${n}:59`, 59],
    ["second", (n: number) => `2026-11-24T05:28:${n}`, 59],
    ["offset hour", (n: number) => `2026-11-24T05:28:59+${n}:00`, 23],
    ["offset minute", (n: number) => `2026-11-24T05:28:59+09:${n}`, 59],
  ] as const)("takes a last %s and no further: no leap second, no hour 24", (_what, text, last) => {
    expect(parseTimestamp(text(last))).not.toBeNaN();
    expect(parseTimestamp(text(last + 1))).toBeNaN();
  });

  const whole = "2026-11-24T05:28:59";
  it.each([
    "",
    "now",
    "2026-11-24",
    "2026-11-24T",
    "2026-11-24T05",
    "2026-11-24T05:28",
    "2026-11-24 05:28:59",
    "2026-11-24t05:28:59",
    "2026/11/24T05:28:59",
    "26-11-24T05:28:59",
    "02026-11-24T05:28:59",
    "+002026-11-24T05:28:59",
    "-2026-11-24T05:28:59",
    "2026-1-24T05:28:59",
    "2026-11-4T05:28:59",
    "2026-11-24T5:28:59",
    "2026-11-24T05:8:59",
    "2026-11-24T05:28:9",
    "20261124T052859Z",
    "2026-W48-2T05:28:59",
    "2026-328T05:28:59",
    `${whole},5`,
    `${whole}z`,
    `${whole}ZZ`,
    `${whole} Z`,
    `${whole}+09`,
    `${whole}+0900`,
    `${whole}+9:00`,
    `${whole}+09:00:00`,
    `${whole}+09:00Z`,
    `${whole}−09:00`,
    `${whole}UTC`,
    `${whole}Z[Asia/Tokyo]`,
    ` ${whole}`,
    `${whole} `,
    `${whole}\n`,
    `${whole}\u2028`,
    `\ufeff${whole}`,
    "２０２６-11-24T05:28:59",
    "٢٠٢٦-11-24T05:28:59",
    "1795498139",
    "Tue, 24 Nov 2026 05:28:59 GMT",
  ])("refuses the near miss %j", (text) => {
    expect(parseTimestamp(text)).toBeNaN();
    expect(timestampPattern.test(text)).toBe(false);
  });

  it("refuses what is no text, and never throws", () => {
    for (const value of [undefined, null, 0, moment, true, {}, [], new Date(moment)])
      expect(parseTimestamp(value as string)).toBeNaN();
  });

  it("is not slowed down by a text of a megabyte", () => {
    const started = performance.now();
    expect(parseTimestamp(`${whole}.${"1".repeat(1_000_000)}`)).toBeNaN();
    expect(parseTimestamp("2026-".repeat(200_000))).toBeNaN();
    expect(performance.now() - started).toBeLessThan(5000);
  });

  it("agrees with Date on what both read", () => {
    for (let i = 0; i < 2000; i++) {
      const date = new Date(Date.UTC(1970, 0, 1) + i * 86_399_123 * 9);
      expect(parseTimestamp(date.toISOString())).toBe(date.getTime());
    }
  });
});
