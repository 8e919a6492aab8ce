package io.kerf.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.kerf.Fixtures;
import io.kerf.RealModels;
import io.kerf.json.Json;
import io.kerf.progress.ProgressListener;
import io.kerf.source.Catalogue;
import io.kerf.source.CatalogueEntry;
import io.kerf.source.Fetched;
import io.kerf.text.Tokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The catalogue's real weights. */
@Tag("big")
class RealModelTest {
  static List<CatalogueEntry> catalogue() {
    return Catalogue.models();
  }

  @ParameterizedTest
  @MethodSource("catalogue")
  void readsEveryModelOfTheCatalogue(CatalogueEntry entry) {
    Fetched fetched = RealModels.fetched(entry.name());
    Model model = ModelReader.read(fetched, ProgressListener.NONE);
    assertEquals(entry.parameters(), model.elements());
    assertEquals(4 * model.elements(), model.sizeBytes());
    assertEquals(entry.family(), model.config().family().modelType());
    assertEquals(entry.name(), model.lineage().name());
    assertEquals(entry.file().sha256(), model.lineage().sha256());
    assertTrue(model.lineage().origin().startsWith(entry.origin().words()), "origin");
    assertEquals(model.config().vocabulary(), model.tokenizer().vocabularySize());
    String text = "A saw turns Wood into dust.";
    int[] ids = model.tokenizer().encode(text, true);
    assertEquals(
        entry.name().contains("uncased") ? text.toLowerCase(Locale.ROOT) : text,
        model.tokenizer().decode(ids, true));
  }

  @Test
  void readsAFileAsItReadsTheSameFileFromTheCatalogue() {
    for (CatalogueEntry entry : Catalogue.models()) {
      Fetched fetched = RealModels.fetched(entry.name());
      Model model = ModelReader.read(fetched.path());
      assertEquals(fetched.sha256(), model.lineage().sha256());
      assertEquals(fetched.path().getFileName().toString(), model.lineage().name());
    }
  }

  @Test
  void splitsTextsOfTheRealDecoderAsItsReferenceDoes() {
    Tokenizer tokenizer = ModelReader.read(fetched()).tokenizer();
    for (Json text : golden.at("tokenizer").items()) {
      String seen = text.at("text").text();
      int[] ids = text.at("ids").integers();
      assertArrayEquals(ids, tokenizer.encode(seen, true), seen);
      assertEquals(seen, tokenizer.decode(ids, false));
    }
  }

  @Test
  void splitsAWholeBookAtOnce() throws IOException {
    Path text =
        Path.of(System.getProperty("kerf.shared", "../shared"), "data/wikitext2/wiki.test.raw");
    assumeTrue(Files.exists(text), "skipped: " + text + " is absent");
    Tokenizer tokenizer = ModelReader.read(fetched()).tokenizer();
    int[] ids = tokenizer.encode(Files.readString(text), false);
    assertEquals(golden.at("wikitext_tokens").integer(), ids.length);
    int[] first = golden.at("wikitext_first_ids").integers();
    assertArrayEquals(first, Arrays.copyOf(ids, first.length));
  }

  private Json golden;

  @BeforeEach
  void readGolden() {
    golden = Json.read(Fixtures.cases("smollm2", "golden.json").get(0));
  }

  /** The file whose values the golden file holds. */
  private Path fetched() {
    String sha256 = golden.at("gguf_sha256").text();
    return Catalogue.models().stream()
        .filter(entry -> entry.file().sha256().equals(sha256))
        .findFirst()
        .map(entry -> RealModels.fetched(entry.name()).path())
        .orElseThrow(() -> new AssertionError("no model of the catalogue has sha256 " + sha256));
  }
}
