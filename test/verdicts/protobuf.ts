/**
 * The same game in protobuf, as buf's style guide would have it: what travels is the JSON of these messages. The events
 * of a server are the members of one message; a command and its acknowledgement are a call.
 */
export const protobuf = `syntax = "proto3";
package game.v1;

message ServerEvent {
  oneof event {
    PointsChanged points_changed = 1;
    StoryTold story_told = 2;
    LetterCame letter_came = 3;
  }
}

message PointsChanged {
  string id = 1;
  int32 amount = 2;
  Reason reason = 3;
  optional string note = 4;
}

enum Reason {
  REASON_UNSPECIFIED = 0;
  REASON_QUEST = 1;
  REASON_PURCHASE = 2;
}

message StoryTold {
  string id = 1;
  string text = 2;
  Mood mood = 3;
  int32 tension = 4;
  double pace = 5;
  Scene scene = 6;
  optional string hint = 7;
}

enum Mood {
  MOOD_UNSPECIFIED = 0;
  MOOD_CALM = 1;
  MOOD_TENSE = 2;
}

message Scene {
  optional string title = 1;
}

message LetterCame {
  string id = 1;
  oneof letter {
    Text text = 2;
    Parcel parcel = 3;
  }
}

message Text {
  string text = 1;
}

message Parcel {
  double weight = 1;
}

service GameService {
  rpc Act(ActRequest) returns (ActResponse);
  rpc Buy(BuyRequest) returns (BuyResponse);
}

message ActRequest {
  string table_id = 1;
  string action = 2;
  Style style = 3;
  int32 times = 4;
  optional string whisper = 5;
}

enum Style {
  STYLE_UNSPECIFIED = 0;
  STYLE_BOLD = 1;
  STYLE_CAREFUL = 2;
}

message ActResponse {
  int32 turn = 1;
  int32 left = 2;
  optional string tip = 3;
}

message BuyRequest {
  string item = 1;
  int32 price = 2;
  Currency currency = 3;
}

enum Currency {
  CURRENCY_UNSPECIFIED = 0;
  CURRENCY_SP = 1;
  CURRENCY_COIN = 2;
}

message BuyResponse {
  int32 balance = 1;
}
`;
