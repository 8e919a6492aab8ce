package io.kerf.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class MessageTest {
  @Test
  void numbersAreVarintsBehindTheirTag() {
    bytes("08 01", new Message().number(1, 1));
    bytes("08 96 01", new Message().number(1, 150));
    bytes("a0 01 00", new Message().number(20, 0));
    bytes("08 ff ff ff ff ff ff ff ff ff 01", new Message().number(1, -1));
  }

  @Test
  void textAndMessagesAreLengthsAndBytes() {
    bytes("12 02 c3 a9", new Message().text(2, "\u00e9"));
    bytes("12 00", new Message().text(2, ""));
    bytes("1a 02 08 05", new Message().message(3, new Message().number(1, 5)));
  }

  @Test
  void floatsAreFourBytesLowestFirst() {
    bytes("15 00 00 c0 3f", new Message().float32(2, 1.5f));
  }

  @Test
  void aFieldMayBeginWithItsBytesToCome() {
    bytes("4a ac 02", new Message().begin(9, 300));
  }

  @Test
  void anAttributeIsNameValueAndType() {
    // name "axis", i 1, type INT
    bytes("0a 04 61 78 69 73 18 01 a0 01 02", Attribute.of("axis", 1L).proto());
    // name "p", ints 1 and 0, type INTS
    bytes("0a 01 70 40 01 40 00 a0 01 07", Attribute.of("p", 1L, 0L).proto());
  }

  private static void bytes(String hex, Message message) {
    assertArrayEquals(
        HexFormat.ofDelimiter(" ").parseHex(hex),
        message.toBytes(),
        () -> HexFormat.ofDelimiter(" ").formatHex(message.toBytes()));
  }
}
