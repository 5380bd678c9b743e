/** What is emitted and checked: a small and a large payload of the game, filled. */
export const spUpdate = {
  type: "sp_update",
  current_sp: 150,
  amount_changed: 50,
  transaction_type: "purchase",
  description: "初回購入ボーナス",
  balance_before: 100,
  balance_after: 150,
  metadata: { order_id: "o-1", items: ["a", "b"] },
  timestamp: "2026-11-24T05:28:59.614747",
};

/** The same as a caller writes it: derived fields left out. */
export const spUpdateInput = {
  current_sp: 150,
  amount_changed: 50,
  transaction_type: "purchase",
  description: "初回購入ボーナス",
  metadata: { order_id: "o-1", items: ["a", "b"] },
} as const;

export const npcEncounter = {
  type: "npc_encounter",
  encounter_type: "log_npc",
  npc: {
    npc_id: "n1",
    name: "旅の商人",
    title: "行商人",
    npc_type: "LOG_NPC",
    personality_traits: ["陽気", "おしゃべり", "慎重"],
    behavior_patterns: ["値切りに応じる"],
    skills: ["交渉", "鑑定", "旅"],
    appearance: "緑の外套",
    backstory: "北の町から来た。",
    original_player: "user-9",
    log_source: "log-17",
    contamination_level: 12,
    persistence_level: 3,
    current_location: "市場",
    is_active: true,
  },
  choices: [
    { id: "c1", text: "話す", difficulty: "easy", requirements: { sp: 5, tags: ["trade"] } },
    { id: "c2", text: "去る" },
    { id: "c3", text: "戦う", difficulty: "hard" },
  ],
  timestamp: "2026-11-24T05:30:20.602584",
};
