package io.kerf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.kerf.engine.TinyLogits;
import io.kerf.format.WeightFile;
import io.kerf.json.Json;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** An adapter of PEFT's and the logits that PEFT gives with it, by adapters/make.py. */
record AdapterCase(Path folder, int[] ids, int[] decoderIds, float[] logits) {
  private static final double TOLERANCE = 1e-4;

  /** All of them; a set of fixtures without any is skipped. */
  static List<AdapterCase> all() {
    assumeTrue(Files.isDirectory(Fixtures.root().resolve("adapters")), "the set has no adapters");
    return Fixtures.cases("adapters", "*").stream().map(AdapterCase::read).toList();
  }

  private static AdapterCase read(Path folder) {
    Json golden = Json.read(folder.resolve("golden.json"));
    Json decoder = golden.at("decoder_ids");
    assertTrue(golden.at("moved").number() > 100 * TOLERANCE, folder + " changes nothing");
    return new AdapterCase(
        folder,
        golden.at("ids").integers(),
        decoder.present() ? decoder.integers() : new int[0],
        WeightFile.open(folder.resolve("golden.safetensors")).tensor("logits").toFloats());
  }

  String name() {
    return folder.getFileName().toString();
  }

  /** The checkpoint that it is for. */
  Path base() {
    String name = Json.read(folder.resolve("golden.json")).at("model").text();
    return Fixtures.root().resolve("models").resolve(name);
  }

  /** What a variant computes of this case's text. */
  float[] logits(Variant variant) {
    return TinyLogits.of(variant.model(), ids, decoderIds);
  }

  void check(Variant variant) {
    float[] seen = logits(variant);
    assertEquals(logits.length, seen.length);
    for (int i = 0; i < seen.length; i++) {
      assertEquals(logits[i], seen[i], TOLERANCE, "logit " + i);
    }
  }
}
