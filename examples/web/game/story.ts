/** A text in both of the page's languages; Japanese is what travels, English rides along in a message's metadata. */
export interface Text {
  readonly ja: string;
  readonly en: string;
}

export interface Choice {
  readonly id: string;
  readonly text: Text;
  /** The scene that it leads to. */
  readonly to: string;
}

export interface Scene {
  readonly place: Text;
  readonly text: Text;
  readonly choices: readonly Choice[];
}

/** What an action costs, in SP. */
export const actionCost = 10;

export const firstScene = "gate";

/** A small story without an end. */
export const story: Readonly<Record<string, Scene>> = {
  gate: {
    place: { ja: "霧の門", en: "The gate in the mist" },
    text: {
      ja: "霧の中に古い門が立っている。向こうから、かすかに鐘の音が聞こえる。",
      en: "An old gate stands in the mist. From behind it, faintly, comes the sound of a bell.",
    },
    choices: [
      { id: "enter-gate", text: { ja: "門をくぐる", en: "Step through the gate" }, to: "market" },
      { id: "follow-wall", text: { ja: "壁に沿って歩く", en: "Follow the wall" }, to: "well" },
    ],
  },
  market: {
    place: { ja: "灯りの市", en: "The lantern market" },
    text: {
      ja: "門の先には市が開かれていた。紙の灯りの下で、商人が名前のない地図を広げている。",
      en: "Beyond the gate a market is open. Under paper lanterns a merchant unrolls a map without names.",
    },
    choices: [
      { id: "ask-map", text: { ja: "地図について尋ねる", en: "Ask about the map" }, to: "tower" },
      { id: "follow-bell", text: { ja: "鐘の音を追う", en: "Follow the bell" }, to: "tower" },
      { id: "leave-market", text: { ja: "裏道へ抜ける", en: "Slip into the alley" }, to: "well" },
    ],
  },
  well: {
    place: { ja: "声の井戸", en: "The well of voices" },
    text: {
      ja: "井戸の底から、先に来た誰かの記録が囁いている。水面に見知らぬ顔が映った。",
      en: "From the bottom of the well whispers the log of someone who came before. A stranger's face looks up from the water.",
    },
    choices: [
      { id: "listen-log", text: { ja: "記録に耳を澄ます", en: "Listen to the log" }, to: "tower" },
      { id: "drop-coin", text: { ja: "硬貨を落とす", en: "Drop a coin" }, to: "market" },
    ],
  },
  tower: {
    place: { ja: "鐘楼", en: "The bell tower" },
    text: {
      ja: "鐘楼の上から街が見渡せる。霧は海のように動き、もうひとつの門が光っている。",
      en: "From the bell tower the whole town lies open. The mist moves like a sea, and another gate is shining.",
    },
    choices: [
      { id: "ring-bell", text: { ja: "鐘を鳴らす", en: "Ring the bell" }, to: "gate" },
      { id: "go-down", text: { ja: "市へ降りる", en: "Go down to the market" }, to: "market" },
    ],
  },
};

/** What the game master says to an action that no choice names. */
export const freeAnswer: Text = {
  ja: "あなたの言葉は霧に溶け、しばらくして遠くの鐘がひとつ鳴った。",
  en: "Your words dissolve in the mist; after a while a distant bell answers, once.",
};

/** The choice that an action names, in this scene. */
export function choiceOf(scene: string, action: string): Choice | undefined {
  return story[scene]?.choices.find(({ id }) => id === action);
}
