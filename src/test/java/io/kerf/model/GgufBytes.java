package io.kerf.model;

import io.kerf.tensor.Tensor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Writes small GGUF files: metadata of the kinds that models have, and float32 tensors. */
final class GgufBytes {
  private static final int ALIGNMENT = 32;

  final Map<String, Object> metadata = new LinkedHashMap<>();
  final Map<String, Tensor> tensors = new LinkedHashMap<>();
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  /** Writes it all. */
  Path write(Path file) throws IOException {
    out.reset();
    out.writeBytes("GGUF".getBytes(StandardCharsets.US_ASCII));
    integer(3);
    longInteger(tensors.size());
    longInteger(metadata.size());
    metadata.forEach(
        (key, value) -> {
          text(key);
          integer(type(value));
          value(value);
        });
    long offset = 0;
    for (var tensor : tensors.entrySet()) {
      text(tensor.getKey());
      int[] sizes = tensor.getValue().shape().sizes();
      integer(sizes.length);
      for (int d = sizes.length - 1; d >= 0; d--) { // innermost first
        longInteger(sizes[d]);
      }
      integer(0); // F32
      longInteger(offset);
      offset += (4 * tensor.getValue().shape().elements() + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    }
    for (Tensor tensor : tensors.values()) {
      align();
      for (float value : tensor.toFloats()) {
        integer(Float.floatToIntBits(value));
      }
    }
    align();
    return Files.write(file, out.toByteArray());
  }

  private static int type(Object value) {
    if (value instanceof Integer) {
      return 4; // UINT32
    }
    if (value instanceof Float) {
      return 6;
    }
    if (value instanceof Boolean) {
      return 7;
    }
    return value instanceof String ? 8 : 9;
  }

  private void value(Object value) {
    if (value instanceof Integer number) {
      integer(number);
    } else if (value instanceof Float number) {
      integer(Float.floatToIntBits(number));
    } else if (value instanceof Boolean flag) {
      out.write(flag ? 1 : 0);
    } else if (value instanceof String string) {
      text(string);
    } else {
      List<?> list = (List<?>) value;
      integer(type(list.get(0)));
      longInteger(list.size());
      list.forEach(this::value);
    }
  }

  private void text(String string) {
    byte[] bytes = string.getBytes(StandardCharsets.UTF_8);
    longInteger(bytes.length);
    out.writeBytes(bytes);
  }

  private void integer(int value) {
    out.writeBytes(ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(value).array());
  }

  private void longInteger(long value) {
    out.writeBytes(ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(value).array());
  }

  private void align() {
    while (out.size() % ALIGNMENT != 0) {
      out.write(0);
    }
  }
}
