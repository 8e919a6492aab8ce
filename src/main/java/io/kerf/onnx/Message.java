package io.kerf.onnx;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** A Protocol Buffers message in the making; fields appear in the order in which they are added. */
final class Message {
  private static final int VARINT = 0;
  private static final int BYTES = 2;
  private static final int FIXED32 = 5;

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  /** A whole number. */
  Message number(int field, long value) {
    tag(field, VARINT);
    varint(value);
    return this;
  }

  Message float32(int field, float value) {
    tag(field, FIXED32);
    return raw(
        ByteBuffer.allocate(Float.BYTES).order(ByteOrder.LITTLE_ENDIAN).putFloat(value).array());
  }

  Message text(int field, String value) {
    return bytes(field, value.getBytes(StandardCharsets.UTF_8));
  }

  Message message(int field, Message value) {
    return bytes(field, value.toBytes());
  }

  Message bytes(int field, byte[] value) {
    return begin(field, value.length).raw(value);
  }

  /** Begins a field of so many bytes, which are written elsewhere, behind this. */
  Message begin(int field, long length) {
    tag(field, BYTES);
    varint(length);
    return this;
  }

  /** All fields of another, behind these. */
  Message append(Message fields) {
    return raw(fields.toBytes());
  }

  private Message raw(byte[] value) {
    bytes.writeBytes(value);
    return this;
  }

  private void tag(int field, int wireType) {
    varint((long) field << 3 | wireType);
  }

  /** Seven bits a byte, the lowest first; a set highest bit says that more follow. */
  private void varint(long value) {
    long rest = value;
    while ((rest & ~0x7fL) != 0) {
      bytes.write((int) (rest & 0x7f | 0x80));
      rest >>>= 7;
    }
    bytes.write((int) rest);
  }

  int size() {
    return bytes.size();
  }

  byte[] toBytes() {
    return bytes.toByteArray();
  }
}
