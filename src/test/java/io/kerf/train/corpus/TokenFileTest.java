package io.kerf.train.corpus;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokenFileTest {
  private static final String KEY = Sha256.of("key");

  @TempDir Path folder;
  private Path file;

  @BeforeEach
  void aFile() throws IOException {
    file = folder.resolve("t.tokens");
    write(file, 300, new int[] {1, 299, 2}, new int[] {0});
  }

  static void write(Path file, int vocabulary, int[]... documents) throws IOException {
    Separators ends = new Separators(new int[0], new int[] {7});
    try (TokenWriter writer = new TokenWriter(file, "t", ends, vocabulary)) {
      for (int[] document : documents) {
        writer.begin();
        writer.add(document, 0);
      }
      writer.finish(KEY);
    }
  }

  /** Changes a file's header and has its checksums fit again. */
  static byte[] forged(byte[] bytes) {
    ByteBuffer header = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    header.putInt(36, checksum(bytes, TokenHeader.BYTES, bytes.length - TokenHeader.BYTES));
    header.putInt(72, checksum(bytes, 0, 72));
    return bytes;
  }

  private static int checksum(byte[] bytes, int from, int count) {
    CRC32C sum = new CRC32C();
    sum.update(bytes, from, count);
    return (int) sum.getValue();
  }

  @Test
  void byHandTheBytesAreThese() throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    assertEquals(128 + 2 * 5, bytes.length);
    String head = "4b455246544f4b53 01000000 02000000 0500000000000000 0200000000000000 2b010000";
    assertArrayEquals(hex(head), Arrays.copyOf(bytes, 36));
    assertArrayEquals(hex(KEY), Arrays.copyOfRange(bytes, 40, 72));
    assertArrayEquals(new byte[52], Arrays.copyOfRange(bytes, 76, 128));
    assertArrayEquals(hex("0100 2b01 0200 0700 0000"), Arrays.copyOfRange(bytes, 128, 138));
    assertArrayEquals(bytes, forged(bytes.clone()), "the checksums are where they are said to be");
  }

  private static byte[] hex(String digits) {
    return HexFormat.of().parseHex(digits.replace(" ", ""));
  }

  @Test
  void whatWasWrittenIsRead() {
    TokenFile tokens = TokenFile.open(file);
    assertArrayEquals(new int[] {1, 299, 2, 7, 0}, tokens.read(0, 5));
    assertArrayEquals(new int[] {2, 7}, tokens.read(2, 2));
    assertThrows(IndexOutOfBoundsException.class, () -> tokens.read(4, 2));
  }

  private String refusal(byte[] bytes) throws IOException {
    Files.delete(file); // it may still be mapped
    Files.write(file, bytes);
    String message =
        assertThrows(TokenFileException.class, () -> TokenFile.open(file).read(0, 5)).getMessage();
    String begin = "the file of tokens " + file + " ";
    String end = "; delete it, and it is made again";
    assertEquals(begin, message.substring(0, begin.length()));
    assertEquals(end, message.substring(message.length() - end.length()));
    return message.substring(begin.length(), message.length() - end.length());
  }

  @Test
  void whatIsNotWholeIsRefused() throws IOException {
    byte[] whole = Files.readAllBytes(file);
    assertEquals("does not begin as one; it has 0 bytes", refusal(new byte[0]));
    assertEquals("does not begin as one; it has 127 bytes", refusal(Arrays.copyOf(whole, 127)));
    assertEquals("does not begin as one; it has 138 bytes", refusal(changed(whole, 0, 'k')));
    assertEquals("has version 9, expected 1", refusal(changed(whole, 8, 9)));
    assertEquals(
        "has a header that is damaged: its checksum differs", refusal(changed(whole, 50, 1)));
    assertEquals("has ids of 3 bytes, expected 2 or 4", refusal(forged(changed(whole, 12, 3))));
    assertEquals(
        "says 6 tokens of 2 bytes, it has 138 bytes", refusal(forged(changed(whole, 16, 6))));
    assertEquals(
        "says -9223372036854775803 tokens of 2 bytes, it has 138 bytes",
        refusal(forged(changed(whole, 23, 0x80))));
    assertEquals("says 5 tokens of 2 bytes, it has 137 bytes", refusal(Arrays.copyOf(whole, 137)));
    assertEquals("holds damaged tokens: their checksum differs", refusal(changed(whole, 130, 1)));
    assertEquals(
        "holds the token 298, its largest should be 297",
        refusal(forged(changed(changed(whole, 130, 0x2a), 32, 0x29))));
  }

  private static byte[] changed(byte[] bytes, int at, int value) {
    byte[] other = bytes.clone();
    other[at] = (byte) value;
    return other;
  }
}
