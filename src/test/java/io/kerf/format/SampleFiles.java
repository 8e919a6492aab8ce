package io.kerf.format;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.zip.CRC32;
import java.util.zip.CRC32C;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Small valid files of every kind, each holding the tensor {@code w} of 2 x 3: 1 2 3, 4 5 6. */
final class SampleFiles {
  static final byte[] W = new LittleEndian().float32(1, 2, 3, 4, 5, 6).toBytes();

  private SampleFiles() {}

  static byte[] safetensors(String header, byte[] data) {
    byte[] text = header.getBytes(StandardCharsets.UTF_8);
    return new LittleEndian().int64(text.length).bytes(text).bytes(data).toBytes();
  }

  static byte[] safetensors() {
    return safetensors(
        "{\"__metadata__\":{\"format\":\"pt\"},"
            + "\"w\":{\"dtype\":\"F32\",\"shape\":[2,3],\"data_offsets\":[0,24]},"
            + "\"b\":{\"dtype\":\"BF16\",\"shape\":[2],\"data_offsets\":[24,28]}}",
        new LittleEndian().bytes(W).int16(0x3f80).int16(0x4000).toBytes());
  }

  /** A GGUF header up to its counts. */
  static LittleEndian ggufStart(long tensors, long metadata) {
    return new LittleEndian().text("GGUF").int32(3).int64(tensors).int64(metadata);
  }

  /** One tensor's entry; sizes innermost first. */
  static LittleEndian ggufTensor(
      LittleEndian out, String name, int type, long offset, long... sizes) {
    out.longText(name).int32(sizes.length);
    for (long size : sizes) {
      out.int64(size);
    }
    return out.int32(type).int64(offset);
  }

  /** A file with a value of every type of metadata. */
  static byte[] gguf() {
    LittleEndian out = ggufStart(2, 16);
    out.longText("general.alignment").int32(4).int32(64);
    out.longText("a.uint8").int32(0).int8(200);
    out.longText("a.int8").int32(1).int8(-100);
    out.longText("a.uint16").int32(2).int16(60000);
    out.longText("a.int16").int32(3).int16(-30000);
    out.longText("a.uint32").int32(4).int32((int) 4_000_000_000L);
    out.longText("a.int32").int32(5).int32(-2_000_000_000);
    out.longText("a.float32").int32(6).float32(1.5f);
    out.longText("a.bool").int32(7).int8(1);
    out.longText("a.string").int32(8).longText("héllo");
    out.longText("a.uint64").int32(10).int64(-1);
    out.longText("a.int64").int32(11).int64(-5);
    out.longText("a.float64").int32(12).float64(-2.25);
    out.longText("a.strings").int32(9).int32(8).int64(2).longText("x").longText("yz");
    out.longText("a.nested").int32(9).int32(9).int64(2);
    out.int32(5).int64(3).int32(1).int32(2).int32(3);
    out.int32(6).int64(1).float32(0.5f);
    out.longText("a.bools").int32(9).int32(7).int64(2).int8(1, 0);
    ggufTensor(out, "w", 0, 0, 3, 2);
    ggufTensor(out, "q", 8, 64, 32);
    out.align(64).bytes(W).align(64);
    return out.int16(0x3c00).bytes(new byte[32]).toBytes();
  }

  /** A pickled state_dict: {@code w}, its transpose {@code t} and {@code b} of one storage. */
  static byte[] torchPickle() {
    LittleEndian out = new LittleEndian().int8(0x80, 2).text("ccollections\nOrderedDict\n)R(");
    torchTensor(out, "w", 0, new int[] {2, 3}, new int[] {3, 1});
    torchTensor(out, "t", 0, new int[] {3, 2}, new int[] {1, 3});
    torchTensor(out, "b", 1, new int[] {2, 2}, new int[] {3, 1});
    return out.text("u.").toBytes();
  }

  static LittleEndian torchTensor(
      LittleEndian out, String name, int offset, int[] sizes, int[] strides) {
    text(out, name).text("ctorch._utils\n_rebuild_tensor_v2\n((");
    text(out, "storage").text("ctorch\nFloatStorage\n");
    text(text(out, "0"), "cpu").int8('K', 6).text("tQ");
    out.int8('K', offset).int8('(');
    for (int size : sizes) {
      out.int8('K', size);
    }
    out.text("t(");
    for (int stride : strides) {
      out.int8('K', stride);
    }
    return out.int8('t', 0x89).text("ccollections\nOrderedDict\n)RtR");
  }

  private static LittleEndian text(LittleEndian out, String text) {
    return out.int8('X').int32(text.length()).text(text);
  }

  static byte[] torch(byte[] pickle) {
    return storedZip(
        new TreeMap<>(
            Map.of(
                "model/data.pkl", pickle,
                "model/byteorder", "little".getBytes(StandardCharsets.UTF_8),
                "model/data/0", W)));
  }

  /** What torch.save wrote before 1.6: five pickles, then the storages. */
  static byte[] torchLegacy(byte[] pickle) {
    LittleEndian out = new LittleEndian();
    out.int8(0x80, 2, 0x8a, 10).int8(0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19);
    out.text(".").int8(0x80, 2, 'M').int16(1001).text(".");
    text(out.int8(0x80, 2).text("}"), "little_endian").int8(0x88).text("s.");
    out.bytes(pickle);
    text(out.int8(0x80, 2).text("]"), "0").text("a.");
    return out.int64(6).bytes(W).toBytes();
  }

  static byte[] storedZip(Map<String, byte[]> entries) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(out)) {
      for (Map.Entry<String, byte[]> file : entries.entrySet()) {
        CRC32 crc = new CRC32();
        crc.update(file.getValue());
        ZipEntry entry = new ZipEntry(file.getKey());
        entry.setMethod(ZipEntry.STORED);
        entry.setSize(file.getValue().length);
        entry.setCrc(crc.getValue());
        entry.setTimeLocal(LocalDateTime.of(2026, 1, 1, 0, 0)); // one that fits in two words
        zip.putNextEntry(entry);
        zip.write(file.getValue());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  /**
   * A TensorFlow index of {@code module/w} and {@code module/b}, which lie in {@link
   * #bundleData()}.
   *
   * @param change of each block before its checksum is taken, so that changes reach the reader
   */
  static byte[] bundleIndex(UnaryOperator<byte[]> change) {
    LittleEndian block = new LittleEndian();
    tableEntry(block, 0, "", new byte[] {8, 1, 26, 2, 8, 1});
    tableEntry(block, 0, "module/b", bundleEntry(1, 24, new float[] {7}, 1));
    tableEntry(block, 7, "w", bundleEntry(1, 0, new float[] {1, 2, 3, 4, 5, 6}, 2, 3));
    LittleEndian file = new LittleEndian();
    byte[] data = change.apply(block.int32(0).int32(1).toBytes());
    tableBlock(file, data);
    byte[] handle = new LittleEndian().varint(0).varint(data.length).toBytes();
    LittleEndian index = tableEntry(new LittleEndian(), 0, "x", handle).int32(0).int32(1);
    int indexOffset = file.size();
    byte[] indexBytes = change.apply(index.toBytes());
    tableBlock(file, indexBytes);
    LittleEndian footer =
        new LittleEndian().varint(0).varint(0).varint(indexOffset).varint(indexBytes.length);
    while (footer.size() < 40) {
      footer.int8(0);
    }
    return file.bytes(footer.int64(0xdb4775248b80fb57L).toBytes()).toBytes();
  }

  static byte[] bundleData() {
    return new LittleEndian().bytes(W).float32(7).toBytes();
  }

  static byte[] bundleEntry(int dtype, long offset, float[] values, int... sizes) {
    LittleEndian shape = new LittleEndian();
    for (int size : sizes) {
      byte[] dimension = new LittleEndian().int8(8).varint(size).toBytes();
      shape.int8(18).varint(dimension.length).bytes(dimension);
    }
    byte[] data = new LittleEndian().float32(values).toBytes();
    LittleEndian entry = new LittleEndian().int8(8).varint(dtype);
    entry.int8(18).varint(shape.size()).bytes(shape.toBytes());
    entry.int8(32).varint(offset).int8(40).varint(data.length);
    return entry.int8(53).int32(masked(List.of(data))).toBytes();
  }

  static LittleEndian tableEntry(LittleEndian block, int shared, String key, byte[] value) {
    block.varint(shared).varint(key.length()).varint(value.length);
    return block.text(key).bytes(value);
  }

  static void tableBlock(LittleEndian file, byte[] block) {
    file.bytes(block).int8(0).int32(masked(List.of(block, new byte[1])));
  }

  private static int masked(List<byte[]> parts) {
    CRC32C crc = new CRC32C();
    parts.forEach(crc::update);
    int value = (int) crc.getValue();
    return (value >>> 15 | value << 17) + 0xa282ead8;
  }
}
