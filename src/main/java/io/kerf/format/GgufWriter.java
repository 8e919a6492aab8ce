package io.kerf.format;

import io.kerf.progress.Progress;
import io.kerf.tensor.Encoding;
import io.kerf.tensor.Shape;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Writes a GGUF file, version 3, little-endian: metadata, then tensors at multiples of 32 bytes,
 * which go to the disk one by one.
 */
public final class GgufWriter {
  private static final int VERSION = 3;
  private static final int ALIGNMENT_BYTES = 32; // GGUF's own where general.alignment is not given
  private static final Map<Encoding, Integer> TYPES =
      Map.of(
          Encoding.F32, 0,
          Encoding.F16, 1,
          Encoding.Q4_0, 2,
          Encoding.Q4_1, 3,
          Encoding.Q8_0, 8);

  private final ByteArrayOutputStream header = new ByteArrayOutputStream();

  private GgufWriter() {}

  /**
   * Writes a file.
   *
   * @param file must not exist
   * @param metadata by key: an Integer is written as uint32, a Float as float32, a Boolean, a
   *     String, a list of Strings, an int[] as int32, a float[] as float32
   * @param tensors each of another name, their rows in whole blocks
   * @param progress told of the tensors' bytes
   */
  public static void write(
      Path file, Map<String, Object> metadata, List<Payload> tensors, Progress progress) {
    GgufWriter writer = new GgufWriter();
    writer.header(metadata, tensors);
    try (FileSink sink = new FileSink(file, progress)) {
      sink.write(writer.header.toByteArray());
      for (Payload tensor : tensors) {
        pad(sink);
        tensor.writeTo(sink);
      }
      pad(sink);
      sink.finish();
    }
  }

  private static void pad(FileSink sink) {
    sink.write(new byte[(int) (aligned(sink.position()) - sink.position())]);
  }

  private static long aligned(long bytes) {
    return (bytes + ALIGNMENT_BYTES - 1) / ALIGNMENT_BYTES * ALIGNMENT_BYTES;
  }

  private void header(Map<String, Object> metadata, List<Payload> tensors) {
    int32(GgufFile.MAGIC);
    int32(VERSION);
    int64(tensors.size());
    int64(metadata.size());
    metadata.forEach(
        (key, value) -> {
          text(key);
          value(key, value);
        });
    long offset = 0;
    for (Payload tensor : tensors) {
      text(tensor.name());
      Shape shape = tensor.shape();
      int32(shape.dimensions());
      for (int d = shape.dimensions() - 1; d >= 0; d--) { // innermost first
        int64(shape.size(d));
      }
      int32(type(tensor));
      int64(offset);
      offset = aligned(offset + tensor.sizeBytes());
    }
  }

  private static int type(Payload tensor) {
    Integer type = TYPES.get(tensor.encoding());
    int columns = tensor.shape().size(tensor.shape().dimensions() - 1);
    int block = tensor.encoding().blockElements();
    if (type == null || columns % block != 0) {
      throw new IllegalArgumentException(
          tensor.name()
              + ": "
              + columns
              + " columns are not written as "
              + tensor.encoding().label()
              + ", whose blocks have "
              + block
              + "; write F16 or F32");
    }
    return type;
  }

  private void value(String key, Object value) {
    if (value instanceof Integer whole) {
      int32(GgufType.UINT32.ordinal());
      int32(whole);
    } else if (value instanceof Float real) {
      int32(GgufType.FLOAT32.ordinal());
      int32(Float.floatToRawIntBits(real));
    } else if (value instanceof Boolean truth) {
      int32(GgufType.BOOL.ordinal());
      header.write(truth ? 1 : 0);
    } else if (value instanceof String text) {
      int32(GgufType.STRING.ordinal());
      text(text);
    } else if (value instanceof List<?> texts) {
      array(GgufType.STRING, texts.size());
      texts.forEach(text -> text((String) text));
    } else if (value instanceof int[] wholes) {
      array(GgufType.INT32, wholes.length);
      for (int whole : wholes) {
        int32(whole);
      }
    } else if (value instanceof float[] reals) {
      array(GgufType.FLOAT32, reals.length);
      for (float real : reals) {
        int32(Float.floatToRawIntBits(real));
      }
    } else {
      throw new IllegalArgumentException(key + " is of no type that is written: " + value);
    }
  }

  private void array(GgufType element, int count) {
    int32(GgufType.ARRAY.ordinal());
    int32(element.ordinal());
    int64(count);
  }

  private void text(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    int64(bytes.length);
    header.writeBytes(bytes);
  }

  private void int32(int value) {
    header.writeBytes(ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(value).array());
  }

  private void int64(long value) {
    header.writeBytes(ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(value).array());
  }
}
