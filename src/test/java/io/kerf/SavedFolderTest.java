package io.kerf;

import static io.kerf.Kerf.ATTENTION;
import static io.kerf.Kerf.DECODER;
import static io.kerf.Kerf.FFN;
import static io.kerf.Kerf.FLOAT16;
import static io.kerf.Kerf.HEAD;
import static io.kerf.Kerf.asStored;
import static io.kerf.Kerf.int8;
import static io.kerf.Kerf.layers;
import static io.kerf.Kerf.load;
import static io.kerf.Kerf.magnitude;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicContainer.dynamicContainer;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.kerf.engine.TinyLogits;
import io.kerf.json.Json;
import io.kerf.model.Family;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** What is saved is what is loaded: every model of the fixtures, cut in several ways. */
class SavedFolderTest {
  private static final Map<String, UnaryOperator<Variant>> CUTS = new LinkedHashMap<>();

  static {
    CUTS.put("dense", v -> v);
    CUTS.put(
        "a layer removed, the head cut off the embedding",
        v -> without(v, 0).prune(magnitude(0.3).in(HEAD)));
    CUTS.put(
        "another removed, pruned and quantized",
        v -> without(v, 1).prune(magnitude(0.4).in(ATTENTION)).quantize(int8().in(FFN, HEAD)));
  }

  /** Without that layer of its decoder, or of the only stack it has; a last one stays. */
  private static Variant without(Variant v, int layer) {
    boolean several = v.model().stacks().size() > 1;
    if ((several ? v.model().blocks(DECODER) : v.model().blocks()).size() == 1) {
      return v;
    }
    return v.dropLayers(several ? layers(layer).in(DECODER) : layers(layer));
  }

  @TempDir private Path folder;

  static List<Path> models() {
    List<Path> found =
        Fixtures.cases("models", "*").stream().filter(SavedFolderTest::known).toList();
    assertFalse(found.isEmpty(), "no model of a family that we have");
    return found;
  }

  private static boolean known(Path folder) {
    String type = Json.read(folder.resolve("config.json")).at("model_type").text();
    return Arrays.stream(Family.values()).anyMatch(f -> f.modelType().equals(type));
  }

  @TestFactory
  Stream<DynamicContainer> comesBackBitForBit() {
    return models().stream()
        .map(
            model ->
                dynamicContainer(
                    model.getFileName().toString(),
                    CUTS.entrySet().stream()
                        .map(
                            cut ->
                                dynamicTest(
                                    cut.getKey(),
                                    () -> comesBack(cut.getValue().apply(load(model)))))));
  }

  private void comesBack(Variant saved) {
    Path place = saved.save(folder.resolve("new").resolve("saved-" + System.nanoTime()));
    Variant loaded = load(place);
    assertEquals(saved.lineage(), loaded.lineage());
    assertEquals(saved.label(), loaded.label());
    assertEquals(saved.model().tokenizer().sha256(), loaded.model().tokenizer().sha256());
    assertEquals(saved.model().tokenizer().files(), loaded.model().tokenizer().files());
    assertEquals(saved.model().elements(), loaded.model().elements());
    assertEquals(saved.model().config().special(), loaded.model().config().special());
    assertArrayEquals(TinyLogits.of(saved.model()), TinyLogits.of(loaded.model()));
  }

  @Test
  void historyGoesOnAfterLoading() {
    Variant once = TinyVariants.CAUSAL.prune(magnitude(0.5));
    Variant twice = load(once.save(folder.resolve("once"))).dropLayers(layers(0));
    assertEquals(once.label() + " + drop layers 0", twice.label());
    assertEquals(twice.lineage(), load(twice.save(folder.resolve("twice"))).lineage());
  }

  @Test
  void roundingToANarrowerTypeIsAStep() {
    Variant half = load(TinyVariants.CAUSAL.save(folder.resolve("half").toString(), FLOAT16));
    assertEquals("float16", half.label());
    // Once rounded, saving in the same type changes nothing more.
    Variant again = load(half.save(folder.resolve("again"), FLOAT16));
    assertEquals(half.lineage(), again.lineage());
    assertArrayEquals(TinyLogits.of(half.model()), TinyLogits.of(again.model()));
  }

  @Test
  void largeModelsBecomeShards() throws IOException {
    Path place = folder.resolve("shards");
    TinyVariants.MASKED.save(place, asStored().shardsOf(50_000));
    assertTrue(Files.exists(place.resolve("model.safetensors.index.json")));
    assertFalse(Files.exists(place.resolve("model.safetensors")));
    Variant loaded = load(place);
    assertArrayEquals(TinyLogits.of(TinyVariants.MASKED.model()), TinyLogits.of(loaded.model()));
    assertEquals(TinyVariants.MASKED.lineage(), loaded.lineage());
  }

  @Test
  void replacesOnlyWhatKerfSavedAndOnlyWhenAsked() throws IOException {
    Path place = folder.resolve("model");
    TinyVariants.MASKED.save(place);
    assertRefused(place, " holds a model that Kerf saved; to replace it ask for overwrite()");
    Variant cut = load(place).dropLayers(layers(0));
    cut.save(place, asStored().overwrite()); // from the very files that are replaced
    assertEquals(cut.lineage(), load(place).lineage());
    Files.writeString(place.resolve("notes.txt"), "mine");
    assertRefused(
        place,
        " holds notes.txt, which Kerf did not save there and would be lost; move it, or name"
            + " another folder");
    Path other = Files.createDirectory(folder.resolve("other"));
    TinyVariants.MASKED.save(other); // an empty one is as good as none
    Path foreign = Files.createDirectory(folder.resolve("foreign"));
    Files.writeString(foreign.resolve("thesis.tex"), "mine");
    assertRefused(foreign, " holds files and no model that Kerf saved; name another folder");
    assertRefused(
        place.resolve("notes.txt"),
        " is a file; name a folder to save to, or saveGguf for one file");
  }

  private static void assertRefused(Path place, String why) {
    var refusal =
        assertThrows(
            IllegalArgumentException.class, () -> TinyVariants.MASKED.save(place, asStored()));
    assertEquals(place + why, refusal.getMessage());
  }
}
