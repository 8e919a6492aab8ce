package io.kerf.format;

import io.kerf.tensor.Encoding;
import io.kerf.tensor.Shape;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads a GGUF header, field by field in the file's order. */
final class GgufReader {
  private static final int MAX_DIMENSIONS = 4;
  private static final int MAX_NESTING = 8;
  private static final int MAX_ALIGNMENT_BYTES = 1 << 20;
  private static final int LEAST_METADATA_BYTES = 8 + 4 + 1; // key length, type, smallest value
  private static final int LEAST_TENSOR_BYTES = 8 + 4 + 4 + 8; // name, dimensions, type, offset
  private static final Map<Integer, Encoding> ENCODINGS =
      Map.ofEntries(
          Map.entry(0, Encoding.F32),
          Map.entry(1, Encoding.F16),
          Map.entry(2, Encoding.Q4_0),
          Map.entry(3, Encoding.Q4_1),
          Map.entry(6, Encoding.Q5_0),
          Map.entry(7, Encoding.Q5_1),
          Map.entry(8, Encoding.Q8_0),
          Map.entry(10, Encoding.Q2_K),
          Map.entry(11, Encoding.Q3_K),
          Map.entry(12, Encoding.Q4_K),
          Map.entry(13, Encoding.Q5_K),
          Map.entry(14, Encoding.Q6_K),
          Map.entry(24, Encoding.I8),
          Map.entry(25, Encoding.I16),
          Map.entry(26, Encoding.I32),
          Map.entry(27, Encoding.I64),
          Map.entry(28, Encoding.F64),
          Map.entry(30, Encoding.BF16));

  private final FileRegion region;
  private final HeaderCursor cursor;
  final Map<String, GgufValue> metadata = new LinkedHashMap<>();
  final TensorTable tensors;

  GgufReader(FileRegion region) {
    this.region = region;
    this.cursor = new HeaderCursor(region);
    this.tensors = new TensorTable(region.name());
    int magic = cursor.int32("magic");
    if (magic != GgufFile.MAGIC) {
      throw region.wrong(
          "begins with 0x%08x, not with GGUF's magic 0x%08x".formatted(magic, GgufFile.MAGIC));
    }
    int version = cursor.int32("version");
    if (version != 2 && version != 3) {
      throw new FormatException(
          region.name()
              + ": version is "
              + version
              + "; understood are 2 and 3, little-endian: convert the file with llama.cpp");
    }
    int tensorCount =
        cursor.count("tensor_count", cursor.int64("tensor_count"), LEAST_TENSOR_BYTES);
    long declared = cursor.int64("metadata_kv_count");
    int metadataCount = cursor.count("metadata_kv_count", declared, LEAST_METADATA_BYTES);
    for (int i = 0; i < metadataCount; i++) {
      readMetadata();
    }
    List<Pending> pending = new ArrayList<>();
    for (int i = 0; i < tensorCount; i++) {
      pending.add(readTensor());
    }
    place(pending);
  }

  private void readMetadata() {
    String key = text("metadata key");
    GgufType type = type(key, cursor.int32(key + " type"));
    String where = region.name() + ": " + key;
    if (metadata.put(key, value(where, key, type, 0)) != null) {
      throw region.wrong("metadata key '" + key + "' appears twice");
    }
  }

  private GgufValue value(String where, String key, GgufType type, int depth) {
    if (type != GgufType.ARRAY) {
      return new GgufValue(where, type, scalar(key, type));
    }
    if (depth == MAX_NESTING) {
      throw region.wrong(key + " nests arrays more than " + MAX_NESTING + " deep");
    }
    GgufType element = type(key, cursor.int32(key + " element type"));
    String field = key + " array length";
    int count = cursor.count(field, cursor.int64(field), element.leastBytes);
    return new GgufValue(where, element, array(where, key, element, count, depth));
  }

  private Object array(String where, String key, GgufType element, int count, int depth) {
    if (element == GgufType.ARRAY || element == GgufType.STRING) {
      List<Object> items = new ArrayList<>(); // grows with what is read, not with what is declared
      for (int i = 0; i < count; i++) {
        items.add(element == GgufType.STRING ? text(key) : value(where, key, element, depth + 1));
      }
      return items;
    }
    if (element == GgufType.BOOL) {
      boolean[] items = new boolean[count];
      for (int i = 0; i < count; i++) {
        items[i] = bool(key);
      }
      return items;
    }
    if (element.isFloat()) {
      double[] items = new double[count];
      for (int i = 0; i < count; i++) {
        items[i] = real(key, element);
      }
      return items;
    }
    long[] items = new long[count];
    for (int i = 0; i < count; i++) {
      items[i] = whole(key, element);
    }
    return items;
  }

  private Object scalar(String key, GgufType type) {
    return switch (type) {
      case STRING -> text(key);
      case BOOL -> bool(key);
      case FLOAT32, FLOAT64 -> real(key, type);
      default -> whole(key, type);
    };
  }

  private long whole(String key, GgufType type) {
    return switch (type) {
      case UINT8 -> cursor.int8(key) & 0xff;
      case INT8 -> cursor.int8(key);
      case UINT16 -> cursor.int16(key) & 0xffff;
      case INT16 -> cursor.int16(key);
      case UINT32 -> Integer.toUnsignedLong(cursor.int32(key));
      case INT32 -> cursor.int32(key);
      default -> cursor.int64(key);
    };
  }

  private double real(String key, GgufType type) {
    return type == GgufType.FLOAT32 ? cursor.float32(key) : cursor.float64(key);
  }

  private boolean bool(String key) {
    byte value = cursor.int8(key);
    if (value != 0 && value != 1) {
      throw region.wrong(key + " must be true (1) or false (0), was " + (value & 0xff));
    }
    return value == 1;
  }

  private String text(String field) {
    return cursor.text(field, cursor.int64(field));
  }

  private GgufType type(String key, int number) {
    GgufType type = GgufType.of(number);
    if (type == null) {
      throw region.wrong(
          key + " has type " + Integer.toUnsignedString(number) + "; there are types 0 to 12");
    }
    return type;
  }

  private record Pending(String name, Shape shape, Encoding encoding, long offset) {}

  private Pending readTensor() {
    String name = text("tensor name");
    String what = "tensor '" + name + "'";
    int dimensions = cursor.int32(what + " dimensions");
    if (dimensions < 0 || dimensions > MAX_DIMENSIONS) {
      throw region.wrong(
          what
              + " has "
              + Integer.toUnsignedString(dimensions)
              + " dimensions, more than "
              + MAX_DIMENSIONS);
    }
    long[] sizes = new long[dimensions];
    for (int i = dimensions - 1; i >= 0; i--) { // GGUF begins with the innermost
      sizes[i] = cursor.int64(what + " sizes");
    }
    Shape shape = TensorEntry.shape(region.name() + ": " + what + " shape", sizes);
    int type = cursor.int32(what + " type");
    Encoding encoding = ENCODINGS.get(type);
    if (encoding == null) {
      throw new FormatException(
          region.name()
              + ": "
              + what
              + " has GGML type "
              + Integer.toUnsignedString(type)
              + "; understood are "
              + String.join(", ", ENCODINGS.values().stream().map(Enum::name).sorted().toList())
              + ": quantize the model to one of these with llama.cpp");
    }
    long row = dimensions == 0 ? 1 : sizes[dimensions - 1];
    if (row % encoding.blockElements() != 0) {
      throw region.wrong(
          what
              + " has rows of "
              + row
              + " elements, not a multiple of "
              + encoding
              + "'s blocks of "
              + encoding.blockElements());
    }
    return new Pending(name, shape, encoding, cursor.int64(what + " offset"));
  }

  private void place(List<Pending> pending) {
    String key = "general.alignment";
    GgufValue declared = metadata.get(key);
    long alignment = declared == null ? 32 : declared.longInteger();
    if (alignment <= 0 || alignment > MAX_ALIGNMENT_BYTES || Long.bitCount(alignment) != 1) {
      throw region.wrong(
          key + " must be a power of two up to " + MAX_ALIGNMENT_BYTES + ", was " + declared);
    }
    if (pending.isEmpty()) {
      return;
    }
    long start = cursor.position() + alignment - 1 & -alignment;
    FileRegion data = region.slice("tensor data", start, Math.max(0, region.length() - start));
    for (Pending tensor : pending) {
      String what = "tensor '" + tensor.name + "'";
      if (tensor.offset % alignment != 0) {
        throw region.wrong(
            what
                + " offset "
                + Long.toUnsignedString(tensor.offset)
                + " is not a multiple of "
                + key
                + " "
                + alignment);
      }
      long size = tensor.encoding.sizeBytes(tensor.shape.elements());
      tensors.add(
          new TensorEntry(
              tensor.name, tensor.shape, tensor.encoding, data.slice(what, tensor.offset, size)));
    }
    tensors.inByteOrder();
  }
}
