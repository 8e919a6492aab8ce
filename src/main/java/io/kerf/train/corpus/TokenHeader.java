package io.kerf.train.corpus;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.zip.CRC32C;

/**
 * The first bytes of a file of tokens, little-endian: "KERFTOKS", version, bytes of an id, how many
 * tokens and documents, the largest id, the ids' CRC-32C, the key's SHA-256, and the CRC-32C of all
 * that; zeros fill it up.
 *
 * @param idBytes 2 or 4
 * @param tokens how many ids follow
 * @param documents how many they are of
 * @param largestId -1 where there are no ids
 * @param checksum of the ids' bytes
 * @param key what the tokens are of, hexadecimal
 */
record TokenHeader(
    int idBytes, long tokens, long documents, int largestId, int checksum, String key) {
  static final int BYTES = 128; // ids begin on a line of the processor's cache

  private static final byte[] MAGIC = "KERFTOKS".getBytes(StandardCharsets.US_ASCII);
  private static final int VERSION = 1;
  private static final int CHECKED_BYTES = MAGIC.length + 4 + 4 + 8 + 8 + 4 + 4 + 32;

  byte[] bytes() {
    ByteBuffer header = ByteBuffer.allocate(BYTES).order(ByteOrder.LITTLE_ENDIAN);
    header.put(MAGIC).putInt(VERSION).putInt(idBytes).putLong(tokens).putLong(documents);
    header.putInt(largestId).putInt(checksum).put(HexFormat.of().parseHex(key));
    return header.putInt(checksumOf(header.array())).array();
  }

  private static int checksumOf(byte[] header) {
    CRC32C checksum = new CRC32C();
    checksum.update(header, 0, CHECKED_BYTES);
    return (int) checksum.getValue();
  }

  /**
   * Reads one.
   *
   * @param bytes the first {@link #BYTES} of the file, or as many as it has
   * @param file how errors name it
   * @param fileBytes how long the file is
   * @throws TokenFileException if it is none, or does not fit the file
   */
  static TokenHeader read(byte[] bytes, Object file, long fileBytes) {
    if (bytes.length < BYTES || !Arrays.equals(bytes, 0, MAGIC.length, MAGIC, 0, MAGIC.length)) {
      throw wrong(file, "does not begin as one; it has " + fileBytes + " bytes");
    }
    ByteBuffer header = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    int version = header.position(MAGIC.length).getInt();
    if (version != VERSION) {
      throw wrong(file, "has version " + version + ", expected " + VERSION);
    }
    int idBytes = header.getInt();
    long tokens = header.getLong();
    long documents = header.getLong();
    int largestId = header.getInt();
    int checksum = header.getInt();
    byte[] key = new byte[32];
    header.get(key);
    if (header.getInt() != checksumOf(bytes)) {
      throw wrong(file, "has a header that is damaged: its checksum differs");
    }
    if (idBytes != 2 && idBytes != 4) {
      throw wrong(file, "has ids of " + idBytes + " bytes, expected 2 or 4");
    }
    if (tokens < 0
        || tokens > (fileBytes - BYTES) / idBytes
        || tokens * idBytes + BYTES != fileBytes) {
      throw wrong(
          file,
          "says %d tokens of %d bytes, it has %d bytes".formatted(tokens, idBytes, fileBytes));
    }
    return new TokenHeader(
        idBytes, tokens, documents, largestId, checksum, HexFormat.of().formatHex(key));
  }

  static TokenFileException wrong(Object file, String what) {
    return new TokenFileException(
        "the file of tokens " + file + " " + what + "; delete it, and it is made again");
  }
}
