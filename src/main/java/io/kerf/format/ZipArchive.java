package io.kerf.format;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Where the entries of a ZIP archive lie, so that those stored uncompressed are mapped in place.
 *
 * <p>The archive may itself be an entry stored in another one. ZIP64 is understood, and sizes in
 * data descriptors, since the directory repeats them. Entries that share bytes, or that their own
 * header calls otherwise than the directory does, are refused: programs would disagree on what such
 * an archive holds.
 */
public final class ZipArchive {
  private static final int END_SIGNATURE = 0x06054b50;
  private static final int END_BYTES = 22;
  private static final int LOCATOR64_SIGNATURE = 0x07064b50;
  private static final int LOCATOR64_BYTES = 20;
  private static final int END64_SIGNATURE = 0x06064b50;
  private static final int END64_BYTES = 56;
  private static final int ENTRY_SIGNATURE = 0x02014b50;
  private static final int ENTRY_BYTES = 46;
  private static final int LOCAL_SIGNATURE = 0x04034b50;
  private static final int LOCAL_BYTES = 30;
  private static final int MAX_COMMENT_BYTES = 0xffff;
  private static final long IN_ZIP64 = 0xffffffffL;

  /**
   * @param name as bytes hold it, decoded; compared with the entry's own header
   * @param header where its own header begins
   */
  private record Entry(
      String name,
      int nameBytes,
      int flags,
      int method,
      long storedBytes,
      long bytes,
      long header) {
    boolean isStored() {
      return method == 0 && (flags & 1) == 0 && storedBytes == bytes;
    }

    /** One past its last byte, if its own header has no extra fields: it has some, or none. */
    long leastEnd() {
      return header + LOCAL_BYTES + nameBytes + storedBytes;
    }
  }

  private final FileRegion region;
  private final Map<String, Entry> entries = new LinkedHashMap<>();
  private final Map<String, Long> limits = new HashMap<>(); // where what follows an entry begins

  private ZipArchive(FileRegion region) {
    this.region = region;
    Directory directory = directory();
    readDirectory(directory);
    limit(directory.region.offset() - region.offset());
  }

  /** Entries one after another, the directory behind the last. */
  private void limit(long directory) {
    List<Entry> sorted = new ArrayList<>(entries.values());
    sorted.sort(Comparator.comparingLong(Entry::header));
    for (int i = 0; i < sorted.size(); i++) {
      Entry entry = sorted.get(i);
      boolean last = i + 1 == sorted.size();
      long limit = last ? directory : sorted.get(i + 1).header;
      if (entry.header < 0 || entry.storedBytes < 0 || entry.leastEnd() < 0) {
        throw region.wrong("entry '%s' has no place in the file".formatted(entry.name));
      }
      if (entry.leastEnd() > limit) {
        throw region.wrong(
            "entry '%s' ends at byte %d or later, inside %s, which begins at %d"
                .formatted(
                    entry.name,
                    entry.leastEnd(),
                    last ? "the directory" : "entry '" + sorted.get(i + 1).name + "'",
                    limit));
      }
      limits.put(entry.name, limit);
    }
  }

  /** Reads the directory of an archive. */
  public static ZipArchive open(Path file) {
    return new ZipArchive(FileRegion.of(file));
  }

  /** Reads the directory of an archive that lies in a file, such as {@link #stored} gives. */
  public static ZipArchive of(FileRegion region) {
    return new ZipArchive(region);
  }

  /** How errors name it. */
  public String name() {
    return region.name();
  }

  /** The entries' names, folders among them, in the directory's order. */
  public Set<String> names() {
    return Collections.unmodifiableSet(entries.keySet());
  }

  /** Whether there is such an entry, uncompressed and not encrypted. */
  public boolean isStored(String name) {
    Entry entry = entries.get(name);
    return entry != null && entry.isStored();
  }

  /**
   * The bytes of an entry that is stored uncompressed.
   *
   * @throws FormatException if it is absent, compressed or damaged
   */
  public FileRegion stored(String name) {
    Entry entry = entries.get(name);
    if (entry == null) {
      throw region.wrong("has no entry '" + name + "'");
    }
    if (!entry.isStored()) {
      throw new FormatException(
          "%s: entry '%s' is %s; extract it first"
              .formatted(
                  region.name(),
                  name,
                  (entry.flags & 1) != 0
                      ? "encrypted"
                      : "compressed (method " + entry.method + ")"));
    }
    String what = "entry '" + name + "'";
    ByteBuffer local = load(what + " header", entry.header, LOCAL_BYTES);
    expect(what + " header signature", local.getInt(0), LOCAL_SIGNATURE);
    int nameBytes = local.getShort(26) & 0xffff;
    FileRegion own = region.slice(what + " name", entry.header + LOCAL_BYTES, nameBytes);
    String called = new String(own.bytes(what + " name", nameBytes), StandardCharsets.UTF_8);
    if (!called.equals(name) || (local.getShort(8) & 0xffff) != entry.method) {
      throw region.wrong(
          "%s is '%s' with method %d in its own header"
              .formatted(what, called, local.getShort(8) & 0xffff));
    }
    long begin = entry.header + LOCAL_BYTES + nameBytes + (local.getShort(28) & 0xffff);
    if (begin > limits.get(name) - entry.bytes) {
      throw region.wrong(
          "%s of %d bytes from %d runs into what begins at %d"
              .formatted(what, entry.bytes, begin, limits.get(name)));
    }
    return region.slice(what, begin, entry.bytes).named(region.name() + "!" + name);
  }

  /** The region of the central directory, and how many entries it declares. */
  private record Directory(FileRegion region, long entries) {}

  private Directory directory() {
    int tailBytes = (int) Math.min(region.length(), END_BYTES + MAX_COMMENT_BYTES);
    ByteBuffer tail = load("end of the archive", region.length() - tailBytes, tailBytes);
    int end = tailBytes - END_BYTES;
    while (end >= 0
        && (tail.getInt(end) != END_SIGNATURE
            || end + END_BYTES + (tail.getShort(end + 20) & 0xffff) != tailBytes)) {
      end--;
    }
    if (end < 0) {
      throw region.wrong("has no end record of a ZIP archive");
    }
    long count = tail.getShort(end + 10) & 0xffff;
    long size = tail.getInt(end + 12) & 0xffffffffL;
    long offset = tail.getInt(end + 16) & 0xffffffffL;
    int locator = end - LOCATOR64_BYTES;
    if (locator >= 0 && tail.getInt(locator) == LOCATOR64_SIGNATURE) {
      ByteBuffer end64 = load("ZIP64 end record", tail.getLong(locator + 8), END64_BYTES);
      expect("ZIP64 end record signature", end64.getInt(0), END64_SIGNATURE);
      count = end64.getLong(32);
      size = end64.getLong(40);
      offset = end64.getLong(48);
    }
    return new Directory(region.slice("central directory", offset, size), count);
  }

  private void readDirectory(Directory directory) {
    HeaderCursor cursor = new HeaderCursor(directory.region);
    int count = cursor.count("number of entries", directory.entries, ENTRY_BYTES);
    for (int i = 0; i < count; i++) {
      ByteBuffer fixed = little(cursor.bytes("directory entry", ENTRY_BYTES));
      expect("directory entry signature", fixed.getInt(0), ENTRY_SIGNATURE);
      String name = cursor.text("entry name", fixed.getShort(28) & 0xffff);
      ByteBuffer extra = little(cursor.bytes("extra field", fixed.getShort(30) & 0xffff));
      cursor.bytes("entry comment", fixed.getShort(32) & 0xffff);
      if (entries.put(name, entry(name, fixed, extra)) != null) {
        throw region.wrong("entry '" + name + "' appears twice");
      }
    }
  }

  private Entry entry(String name, ByteBuffer fixed, ByteBuffer extra) {
    long storedBytes = fixed.getInt(20) & 0xffffffffL;
    long bytes = fixed.getInt(24) & 0xffffffffL;
    long header = fixed.getInt(42) & 0xffffffffL;
    if (bytes == IN_ZIP64 || storedBytes == IN_ZIP64 || header == IN_ZIP64) {
      ByteBuffer wide = zip64(name, extra);
      bytes = bytes == IN_ZIP64 ? next(name, wide) : bytes;
      storedBytes = storedBytes == IN_ZIP64 ? next(name, wide) : storedBytes;
      header = header == IN_ZIP64 ? next(name, wide) : header;
    }
    return new Entry(
        name,
        fixed.getShort(28) & 0xffff,
        fixed.getShort(8) & 0xffff,
        fixed.getShort(10) & 0xffff,
        storedBytes,
        bytes,
        header);
  }

  /** The 64-bit sizes among an entry's extra fields (id, size, content). */
  private ByteBuffer zip64(String name, ByteBuffer extra) {
    while (extra.remaining() >= 4) {
      int id = extra.getShort() & 0xffff;
      int size = extra.getShort() & 0xffff;
      if (size > extra.remaining()) {
        break;
      }
      if (id == 1) {
        return extra.limit(extra.position() + size);
      }
      extra.position(extra.position() + size);
    }
    throw region.wrong("entry '" + name + "' lacks its ZIP64 sizes");
  }

  private long next(String name, ByteBuffer wide) {
    if (wide.remaining() < 8) {
      throw region.wrong("entry '" + name + "' has ZIP64 sizes of too few bytes");
    }
    return wide.getLong();
  }

  private ByteBuffer load(String field, long offset, int size) {
    return little(region.slice(field, offset, size).bytes(field, size));
  }

  private static ByteBuffer little(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  private void expect(String field, int seen, int wanted) {
    if (seen != wanted) {
      throw region.wrong("%s is 0x%08x instead of 0x%08x".formatted(field, seen, wanted));
    }
  }
}
