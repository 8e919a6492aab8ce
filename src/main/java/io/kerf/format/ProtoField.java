package io.kerf.format;

/**
 * One field of a Protocol Buffers message.
 *
 * @param value of a number; 0 for a nested message
 * @param nested the bytes of a nested message, or null
 */
record ProtoField(int number, long value, HeaderCursor nested) {
  static ProtoField next(HeaderCursor cursor) {
    long tag = cursor.varint("field tag");
    int number = (int) Math.min(tag >>> 3, Integer.MAX_VALUE);
    return switch ((int) (tag & 7)) {
      case 0 -> new ProtoField(number, cursor.varint("field value"), null);
      case 1 -> new ProtoField(number, cursor.int64("field value"), null);
      case 2 ->
          new ProtoField(
              number, 0, cursor.within("nested message", cursor.varint("nested message bytes")));
      case 5 -> new ProtoField(number, cursor.int32("field value"), null);
      default -> throw cursor.wrong("field " + number + " has wire type " + (tag & 7));
    };
  }

  /** The nested message. */
  HeaderCursor message(FileRegion region) {
    if (nested == null) {
      throw region.wrong("field " + number + " is a number, expected a nested message");
    }
    return nested;
  }
}
