package io.kerf.text;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.DynamicContainer.dynamicContainer;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.kerf.Fixtures;
import io.kerf.json.Json;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.TestFactory;

/** Every model's tokenizer against what Hugging Face's tokenizers library gives for its file. */
class TokenizerGoldenTest {
  @TestFactory
  Stream<DynamicNode> agreesWithTheReferenceLibrary() {
    return Fixtures.cases("models", "*").stream().filter(Files::isDirectory).map(this::model);
  }

  private DynamicNode model(Path folder) {
    Json golden = Json.read(folder.resolve("golden.json")).at("tokenizer");
    Tokenizer tokenizer = Tokenizers.read(folder);
    return dynamicContainer(
        folder.getFileName().toString(),
        List.of(
            dynamicTest("texts", () -> texts(tokenizer, golden)),
            dynamicTest("pairs", () -> pairs(tokenizer, golden)),
            dynamicTest("special tokens", () -> specialTokens(tokenizer, golden)),
            dynamicTest("vocabulary", () -> vocabulary(tokenizer, golden))));
  }

  private static void texts(Tokenizer tokenizer, Json golden) {
    for (Json text : golden.at("cases").items()) {
      String seen = text.at("text").text();
      int[] ids = text.at("ids").integers();
      assertArrayEquals(ids, tokenizer.encode(seen, true), seen);
      assertArrayEquals(text.at("ids_no_special").integers(), tokenizer.encode(seen, false), seen);
      Tokenizer.Pieces pieces = tokenizer.pieces(seen, false);
      assertArrayEquals(text.at("ids_no_special").integers(), pieces.ids(), seen);
      assertEquals(text.at("tokens").texts(), pieces.tokens(), seen);
      assertArrayEquals(column(text.at("offsets"), 0), pieces.starts(), seen);
      assertArrayEquals(column(text.at("offsets"), 1), pieces.ends(), seen);
      assertArrayEquals(ids, tokenizer.pieces(seen, true).ids(), seen);
      assertEquals(text.at("decoded").text(), tokenizer.decode(pieces.ids(), false), seen);
      assertEquals(text.at("decoded_skip_special").text(), tokenizer.decode(ids, true), seen);
    }
  }

  private static int[] column(Json offsets, int column) {
    return offsets.items().stream().mapToInt(span -> span.at(column).integer()).toArray();
  }

  private static void pairs(Tokenizer tokenizer, Json golden) {
    for (Json pair : golden.at("pairs").items()) {
      Tokenizer.Pair seen = tokenizer.encodePair(pair.at("a").text(), pair.at("b").text());
      assertArrayEquals(pair.at("ids").integers(), seen.ids());
      assertArrayEquals(pair.at("type_ids").integers(), seen.segments());
    }
  }

  private static void specialTokens(Tokenizer tokenizer, Json golden) {
    Json special = golden.at("special_tokens");
    assertEquals(id(special, "bos_token"), tokenizer.bosId());
    assertEquals(id(special, "eos_token"), tokenizer.eosId());
    assertEquals(id(special, "pad_token"), tokenizer.padId());
    assertEquals(id(special, "mask_token"), tokenizer.maskId());
    assertEquals(id(special, "unk_token"), tokenizer.unknownId());
  }

  private static OptionalInt id(Json special, String key) {
    return special.at(key).present()
        ? OptionalInt.of(special.at(key).at("id").integer())
        : OptionalInt.empty();
  }

  private static void vocabulary(Tokenizer tokenizer, Json golden) {
    assertEquals(golden.at("vocab_size").integer(), tokenizer.vocabularySize());
    IntStream.range(0, tokenizer.vocabularySize())
        .forEach(id -> assertEquals(OptionalInt.of(id), tokenizer.id(tokenizer.token(id))));
  }
}
