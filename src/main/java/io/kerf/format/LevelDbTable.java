package io.kerf.format;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.CRC32C;

/**
 * A LevelDB table of uncompressed blocks: sorted keys, each with a value.
 *
 * <p>The footer names the index block, whose values name the data blocks. A block is entries, each
 * giving how much of its key it shares with the one before, and the entries' restart points; behind
 * it stand a compression byte and a masked CRC-32C.
 */
final class LevelDbTable {
  private static final long MAGIC = 0xdb4775248b80fb57L;
  private static final int FOOTER_BYTES = 48;
  private static final int TRAILER_BYTES = 5;
  private static final int LEAST_ENTRY_BYTES = 3;
  private static final int MAX_KEY_BYTES = 4096;

  private final FileRegion region;
  private final HeaderCursor file;
  private final Map<String, HeaderCursor> values = new LinkedHashMap<>();

  private LevelDbTable(FileRegion region) {
    this.region = region;
    this.file = new HeaderCursor(region);
    if (region.length() < FOOTER_BYTES) {
      throw region.wrong("has " + region.length() + " bytes, fewer than a table's footer");
    }
    HeaderCursor footer = file.at("footer", region.length() - FOOTER_BYTES, FOOTER_BYTES);
    footer.varint("metaindex offset");
    footer.varint("metaindex size");
    long offset = footer.varint("index offset");
    long size = footer.varint("index size");
    HeaderCursor end = file.at("footer magic", region.length() - Long.BYTES, Long.BYTES);
    long magic = end.int64("footer magic");
    if (magic != MAGIC) {
      throw region.wrong("footer magic is 0x%016x instead of 0x%016x".formatted(magic, MAGIC));
    }
    Map<String, HeaderCursor> index = new LinkedHashMap<>();
    readBlock("index block", offset, size, index);
    index.forEach(
        (lastKey, handle) ->
            readBlock(
                "data block", handle.varint("block offset"), handle.varint("block size"), values));
  }

  /**
   * Reads a table.
   *
   * @return a cursor over each key's value, in the keys' order
   */
  static Map<String, HeaderCursor> read(FileRegion region) {
    return new LevelDbTable(region).values;
  }

  private void readBlock(String what, long offset, long size, Map<String, HeaderCursor> into) {
    HeaderCursor block = file.at(what, offset, size);
    check(what, block, file.at(what + " trailer", offset + size, TRAILER_BYTES));
    if (size < Integer.BYTES) {
      throw region.wrong(what + " has " + size + " bytes, too few for its restart points");
    }
    HeaderCursor last = file.at("restart count", offset + size - Integer.BYTES, Integer.BYTES);
    long restarts = last.int32("restart count") & 0xffffffffL;
    HeaderCursor entries = block.within("entries", size - Integer.BYTES * (restarts + 1));
    byte[] key = new byte[0];
    while (entries.remaining() >= LEAST_ENTRY_BYTES) {
      key = nextKey(key, entries, into);
    }
    if (entries.remaining() > 0) {
      throw region.wrong(what + " ends inside an entry");
    }
  }

  private byte[] nextKey(byte[] before, HeaderCursor entries, Map<String, HeaderCursor> into) {
    long shared = entries.varint("shared key bytes");
    long own = entries.varint("own key bytes");
    long valueBytes = entries.varint("value bytes");
    if (shared < 0 || shared > before.length || own < 0 || own > MAX_KEY_BYTES - shared) {
      throw region.wrong(
          "a key shares %d of %d bytes and adds %d".formatted(shared, before.length, own));
    }
    ByteArrayOutputStream key = new ByteArrayOutputStream();
    key.write(before, 0, (int) shared);
    key.writeBytes(entries.bytes("key", own));
    String text = key.toString(StandardCharsets.UTF_8);
    if (into.put(text, entries.within("value of " + text, valueBytes)) != null) {
      throw region.wrong("key '" + text + "' appears twice");
    }
    return key.toByteArray();
  }

  private void check(String what, HeaderCursor block, HeaderCursor trailer) {
    byte compression = trailer.int8("compression");
    if (compression != 0) {
      throw new FormatException(
          "%s: %s has compression %d; only uncompressed tables are read"
              .formatted(region.name(), what, compression));
    }
    CRC32C crc = new CRC32C();
    block.checksum(crc);
    crc.update(compression);
    int declared = trailer.int32("checksum");
    if (masked(crc) != declared) {
      throw region.wrong(
          "%s has checksum 0x%08x instead of 0x%08x".formatted(what, masked(crc), declared));
    }
  }

  /** A checksum as LevelDB stores it, so that a checksum of checksums stays a good one. */
  static int masked(CRC32C crc) {
    return Integer.rotateRight((int) crc.getValue(), 15) + 0xa282ead8;
  }
}
