package io.kerf.format;

import io.kerf.json.Json;
import io.kerf.tensor.Encoding;
import io.kerf.tensor.Shape;
import io.kerf.tensor.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A safetensors file: the header's length (8 bytes), a JSON header, and the tensors' bytes one
 * after another without a gap.
 *
 * <p>As the format demands, gaps and overlaps are refused, and so is a header of more than 100 MB.
 */
public final class SafetensorsFile implements WeightFile {
  private static final int MAX_HEADER_BYTES = 100_000_000;
  private static final Map<String, Encoding> DTYPES =
      Map.of(
          "F64", Encoding.F64,
          "F32", Encoding.F32,
          "F16", Encoding.F16,
          "BF16", Encoding.BF16,
          "I64", Encoding.I64,
          "I32", Encoding.I32,
          "I16", Encoding.I16,
          "I8", Encoding.I8,
          "U8", Encoding.U8,
          "BOOL", Encoding.BOOL);

  private final FileRegion region;
  private final TensorTable tensors;
  private final Map<String, String> metadata;

  private SafetensorsFile(FileRegion region) {
    this.region = region;
    this.tensors = new TensorTable(region.name());
    if (region.length() < 8) {
      throw region.wrong("has " + region.length() + " bytes, not even a header's length");
    }
    byte[] prefix = region.slice("header length", 0, 8).bytes("header length", 8);
    long headerBytes = ByteBuffer.wrap(prefix).order(ByteOrder.LITTLE_ENDIAN).getLong();
    FileRegion header = region.slice("header", 8, headerBytes);
    FileRegion data = region.slice("data", 8 + headerBytes, region.length() - 8 - headerBytes);
    Json root = Json.parse(header.bytes("header", MAX_HEADER_BYTES), region.name() + " header");
    Map<String, String> found = new LinkedHashMap<>();
    root.fields()
        .forEach(
            (name, value) -> {
              if (name.equals("__metadata__")) {
                value.fields().forEach((key, text) -> found.put(key, text.text()));
              } else {
                tensors.add(entry(name, value, data));
              }
            });
    this.metadata = Collections.unmodifiableMap(found);
    requireFilled(data);
  }

  /** Opens a file. */
  public static SafetensorsFile open(Path file) {
    return new SafetensorsFile(FileRegion.of(file));
  }

  private TensorEntry entry(String name, Json value, FileRegion data) {
    String where = region.name() + ": tensor '" + name + "' ";
    String dtype = value.at("dtype").text();
    Encoding encoding = DTYPES.get(dtype);
    if (encoding == null) {
      throw new FormatException(
          where
              + "dtype is "
              + dtype
              + "; understood are "
              + String.join(", ", DTYPES.keySet().stream().sorted().toList()));
    }
    long[] sizes = value.at("shape").items().stream().mapToLong(Json::longInteger).toArray();
    Shape shape = TensorEntry.shape(where + "shape", sizes);
    List<Json> offsets = value.at("data_offsets").items();
    if (offsets.size() != 2) {
      throw new FormatException(
          where + "data_offsets must be [begin, end], was " + value.at("data_offsets"));
    }
    long begin = offsets.get(0).longInteger();
    long end = offsets.get(1).longInteger();
    if (begin < 0 || end < begin) {
      throw new FormatException(
          where
              + "data_offsets are ["
              + begin
              + ", "
              + end
              + "], not a run of bytes; "
              + FileRegion.DAMAGED);
    }
    if (end > data.length()) {
      throw new FormatException(
          where
              + "data_offsets end "
              + end
              + " is past the end of the data ("
              + data.length()
              + " bytes); "
              + FileRegion.DAMAGED);
    }
    long needed = encoding.sizeBytes(shape.elements());
    if (end - begin != needed) {
      throw new FormatException(
          where
              + "data_offsets hold "
              + (end - begin)
              + " bytes, but "
              + shape
              + " in "
              + dtype
              + " takes "
              + needed
              + "; "
              + FileRegion.DAMAGED);
    }
    return new TensorEntry(name, shape, encoding, data.slice(where, begin, needed));
  }

  private void requireFilled(FileRegion data) {
    long next = data.offset();
    for (TensorEntry entry : tensors.inByteOrder()) {
      if (entry.region().offset() != next) {
        throw region.wrong(
            "tensor '"
                + entry.tensor()
                + "' data_offsets begin "
                + (entry.region().offset() - data.offset())
                + " leaves a gap after byte "
                + (next - data.offset()));
      }
      next += entry.region().length();
    }
    if (next != data.offset() + data.length()) {
      throw region.wrong(
          "tensors end at byte "
              + (next - data.offset())
              + " of the data, which has "
              + data.length());
    }
  }

  @Override
  public String name() {
    return region.name();
  }

  /** The header's {@code __metadata__}: free text by key. */
  public Map<String, String> metadata() {
    return metadata;
  }

  @Override
  public Set<String> tensorNames() {
    return tensors.names();
  }

  @Override
  public Tensor tensor(String name) {
    return tensors.tensor(name);
  }

  @Override
  public List<Path> files() {
    return List.of(region.file());
  }
}
