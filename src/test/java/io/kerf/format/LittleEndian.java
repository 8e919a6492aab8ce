package io.kerf.format;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Writes the little-endian fields of test files, one after another. */
final class LittleEndian {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  LittleEndian int8(int... values) {
    for (int value : values) {
      out.write(value);
    }
    return this;
  }

  LittleEndian int16(int value) {
    return bytes(number(2).putShort((short) value).array());
  }

  LittleEndian int32(int value) {
    return bytes(number(4).putInt(value).array());
  }

  LittleEndian int64(long value) {
    return bytes(number(8).putLong(value).array());
  }

  LittleEndian float32(float... values) {
    for (float value : values) {
      bytes(number(4).putFloat(value).array());
    }
    return this;
  }

  LittleEndian float64(double value) {
    return bytes(number(8).putDouble(value).array());
  }

  LittleEndian varint(long value) {
    while ((value & ~0x7fL) != 0) {
      out.write((int) (value & 0x7f | 0x80));
      value >>>= 7;
    }
    return int8((int) value);
  }

  LittleEndian text(String text) {
    return bytes(text.getBytes(StandardCharsets.UTF_8));
  }

  /** Text behind its length in 64 bits, as GGUF has it. */
  LittleEndian longText(String text) {
    return int64(text.getBytes(StandardCharsets.UTF_8).length).text(text);
  }

  LittleEndian bytes(byte[] bytes) {
    out.writeBytes(bytes);
    return this;
  }

  /** Zeros up to a multiple of so many bytes. */
  LittleEndian align(int bytes) {
    while (out.size() % bytes != 0) {
      out.write(0);
    }
    return this;
  }

  int size() {
    return out.size();
  }

  byte[] toBytes() {
    return out.toByteArray();
  }

  private static ByteBuffer number(int size) {
    return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
  }
}
