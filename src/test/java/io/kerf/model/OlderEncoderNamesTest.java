package io.kerf.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.kerf.Fixtures;
import io.kerf.format.FormatException;
import io.kerf.format.WeightFile;
import io.kerf.json.Json;
import io.kerf.tensor.FloatTensor;
import io.kerf.tensor.Tensor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The fixtures' encoders and encoder-decoders under the names that other files have for them. */
class OlderEncoderNamesTest {
  private record Renamed(Map<String, Tensor> tensors) implements WeightFile {
    @Override
    public String name() {
      return "weights";
    }

    @Override
    public Set<String> tensorNames() {
      return tensors.keySet();
    }

    @Override
    public Tensor tensor(String name) {
      return tensors.get(name);
    }

    @Override
    public List<Path> files() {
      return List.of();
    }
  }

  /** A model of the fixtures and its tensors by the names in its files, to be changed. */
  private static final class Case {
    final Blueprint blueprint;
    final Model model;
    final Map<String, Tensor> tensors = new LinkedHashMap<>();

    Case(Path folder) {
      model = ModelReader.read(folder);
      WeightFile file = WeightFile.open(folder);
      file.tensorNames().forEach(name -> tensors.put(name, file.tensor(name)));
      HuggingFaceConfig config = new HuggingFaceConfig(Json.read(folder.resolve("config.json")));
      blueprint = Architecture.of(config).blueprint(config);
    }

    /** A family's models whose heads are tied; a set without the family is an error. */
    static List<Case> tied(Family family) {
      List<Case> all = new ArrayList<>();
      for (Path folder : Fixtures.cases("models", "*")) {
        String type = Json.read(folder.resolve("config.json")).at("model_type").text();
        if (type.equals(family.modelType())) {
          all.add(new Case(folder));
        }
      }
      assertFalse(all.isEmpty(), "no " + family);
      List<Case> tied = all.stream().filter(each -> each.model.config().head().tied()).toList();
      assumeFalse(tied.isEmpty(), "the set has no " + family + " with a tied head");
      return tied;
    }

    void strip(String prefix) {
      for (String name : List.copyOf(tensors.keySet())) {
        Tensor tensor = tensors.remove(name);
        tensors.put(name.replaceFirst("^" + prefix, ""), tensor);
      }
    }

    void copy(String from, String to) {
      tensors.put(to, tensors.get(from));
    }

    void buffers(String... names) {
      for (String name : names) {
        tensors.put(name, FloatTensor.of(new float[1], 1));
      }
    }

    Model read(Blueprint asked) {
      Architecture architecture = Architecture.of(asked.config().family());
      WeightFile file = new Renamed(tensors);
      Blueprint settled = architecture.settled(asked, file);
      WeightReader reader =
          new WeightReader(file, settled, architecture.spelling(settled.config()));
      return new Model(
          settled.config(), reader.shared(), reader.blocks(), model.tokenizer(), model.lineage());
    }

    void assertReads() {
      ModelGoldenTest.assertSameWeights(model, read(blueprint));
    }
  }

  @Test
  void readsRobertaWithoutPrefixWithItsHeadWrittenOut() {
    for (Case each : Case.tied(Family.ROBERTA)) {
      each.strip("roberta\\.");
      each.copy("embeddings.word_embeddings.weight", "lm_head.decoder.weight");
      each.copy("lm_head.bias", "lm_head.decoder.bias");
      each.buffers("embeddings.position_ids", "pooler.dense.weight");
      each.assertReads();
    }
  }

  @Test
  void readsDistilBertWithoutPrefixWithItsHeadWrittenOut() {
    for (Case each : Case.tied(Family.DISTILBERT)) {
      each.strip("distilbert\\.");
      each.copy("embeddings.word_embeddings.weight", "vocab_projector.weight");
      each.assertReads();
    }
  }

  @Test
  void readsAlbertWithoutPrefixWithItsHeadWrittenOut() {
    for (Case each : Case.tied(Family.ALBERT)) {
      each.strip("albert\\.");
      each.copy("embeddings.word_embeddings.weight", "predictions.decoder.weight");
      each.copy("predictions.bias", "predictions.decoder.bias");
      each.buffers("embeddings.position_ids", "sop_classifier.classifier.weight");
      each.buffers("albert.pooler.weight");
      each.assertReads();
      Block first = each.model.blocks().get(0);
      for (Block block : each.model.blocks()) {
        assertSame(first.parameter(Role.QUERY), block.parameter(Role.QUERY));
      }
    }
  }

  @Test
  void readsT5WithItsEmbeddingWrittenOutForEveryUse() {
    for (Case each : Case.tied(Family.T5)) {
      each.copy("shared.weight", "encoder.embed_tokens.weight");
      each.copy("shared.weight", "decoder.embed_tokens.weight");
      each.copy("shared.weight", "lm_head.weight");
      each.buffers("decoder.block.0.layer.1.EncDecAttention.relative_attention_bias.weight");
      each.assertReads();
    }
  }

  @Test
  void aT5ThatSaysTiedAndHoldsAnotherHeadHasItsOwn() {
    for (Case each : Case.tied(Family.T5)) {
      float[] other = each.tensors.get("shared.weight").toFloats();
      other[0]++;
      Config config = each.blueprint.config();
      each.tensors.put(
          "lm_head.weight", FloatTensor.of(other, config.vocabulary(), config.width()));
      Model read = each.read(each.blueprint);
      assertFalse(read.config().head().tied());
      assertEquals(config.head().scale(), read.config().head().scale());
      assertArrayEquals(other, read.shared().get(Role.HEAD).weight().toFloats());
    }
  }

  @Test
  void anUntiedHeadReadsTheBiasOfItsLastLayer() {
    for (Case each : Case.tied(Family.ROBERTA)) {
      int vocabulary = each.model.config().vocabulary();
      each.copy("roberta.embeddings.word_embeddings.weight", "lm_head.decoder.weight");
      FloatTensor own = FloatTensor.of(new float[vocabulary], vocabulary);
      each.tensors.put("lm_head.decoder.bias", own);
      Config untied = each.blueprint.config().withTiedHead(false);
      Blueprint blueprint = BertArchitecture.blueprint(untied, each.blueprint.blocks());
      assertSame(own, each.read(blueprint).shared().get(Role.HEAD).bias());
      var error = assertThrows(FormatException.class, () -> each.read(each.blueprint));
      assertTrue(
          error.getMessage().contains("lm_head.decoder.bias twice, with different values"),
          error.getMessage());
      each.tensors.remove("lm_head.decoder.bias");
      assertSame(
          each.tensors.get("lm_head.bias"), each.read(blueprint).shared().get(Role.HEAD).bias());
    }
  }
}
