package io.kerf.tensor;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/** Numbers that stand alone, little-endian. Whole numbers beyond 2^24 are rounded to float32. */
final class PlainEncodings {
  static final VarHandle SHORT = MethodHandles.byteArrayViewVarHandle(short[].class, LITTLE_ENDIAN);
  static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, LITTLE_ENDIAN);
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, LITTLE_ENDIAN);
  private static final VarHandle FLOAT =
      MethodHandles.byteArrayViewVarHandle(float[].class, LITTLE_ENDIAN);
  private static final VarHandle DOUBLE =
      MethodHandles.byteArrayViewVarHandle(double[].class, LITTLE_ENDIAN);

  private PlainEncodings() {}

  static void float64(byte[] bytes, int from, float[] into, int at, int count) {
    for (int i = 0; i < count; i++) {
      into[at + i] = (float) (double) DOUBLE.get(bytes, from + 8 * i);
    }
  }

  static void float32(byte[] bytes, int from, float[] into, int at, int count) {
    for (int i = 0; i < count; i++) {
      into[at + i] = (float) FLOAT.get(bytes, from + 4 * i);
    }
  }

  static void float16(byte[] bytes, int from, float[] into, int at, int count) {
    for (int i = 0; i < count; i++) {
      into[at + i] = HalfFloat.fromFloat16((short) SHORT.get(bytes, from + 2 * i));
    }
  }

  static void bfloat16(byte[] bytes, int from, float[] into, int at, int count) {
    for (int i = 0; i < count; i++) {
      into[at + i] = HalfFloat.fromBfloat16((short) SHORT.get(bytes, from + 2 * i));
    }
  }

  static void int64(byte[] bytes, int from, float[] into, int at, int count) {
    for (int i = 0; i < count; i++) {
      into[at + i] = (long) LONG.get(bytes, from + 8 * i);
    }
  }

  static void int32(byte[] bytes, int from, float[] into, int at, int count) {
    for (int i = 0; i < count; i++) {
      into[at + i] = (int) INT.get(bytes, from + 4 * i);
    }
  }

  static void int16(byte[] bytes, int from, float[] into, int at, int count) {
    for (int i = 0; i < count; i++) {
      into[at + i] = (short) SHORT.get(bytes, from + 2 * i);
    }
  }

  static void int8(byte[] bytes, int from, float[] into, int at, int count) {
    for (int i = 0; i < count; i++) {
      into[at + i] = bytes[from + i];
    }
  }

  static void uint8(byte[] bytes, int from, float[] into, int at, int count) {
    for (int i = 0; i < count; i++) {
      into[at + i] = bytes[from + i] & 0xff;
    }
  }

  static void bool(byte[] bytes, int from, float[] into, int at, int count) {
    for (int i = 0; i < count; i++) {
      into[at + i] = bytes[from + i] == 0 ? 0 : 1;
    }
  }

  static void toFloat32(float[] values, int from, byte[] into, int at, int count) {
    for (int i = 0; i < count; i++) {
      FLOAT.set(into, at + 4 * i, values[from + i]);
    }
  }

  static void toFloat16(float[] values, int from, byte[] into, int at, int count) {
    for (int i = 0; i < count; i++) {
      SHORT.set(into, at + 2 * i, half(values[from + i]));
    }
  }

  static void toBfloat16(float[] values, int from, byte[] into, int at, int count) {
    for (int i = 0; i < count; i++) {
      short bits = HalfFloat.toBfloat16(values[from + i]);
      if (Float.isInfinite(HalfFloat.fromBfloat16(bits)) && Float.isFinite(values[from + i])) {
        throw new ArithmeticException(values[from + i] + " is beyond bfloat16's range");
      }
      SHORT.set(into, at + 2 * i, bits);
    }
  }

  /** Bits of a float16 that is no more infinite than the value. */
  static short half(float value) {
    short bits = HalfFloat.toFloat16(value);
    if ((bits & 0x7fff) == 0x7c00 && Float.isFinite(value)) {
      throw new ArithmeticException(value + " is beyond float16's range of 65504");
    }
    return bits;
  }
}
