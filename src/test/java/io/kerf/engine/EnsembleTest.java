package io.kerf.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import ai.djl.ndarray.NDArray;
import io.kerf.Fixtures;
import io.kerf.compress.DynamicInt8;
import io.kerf.compress.Scope;
import io.kerf.engine.DecoderSession.Scores;
import io.kerf.engine.DecoderSession.Target;
import io.kerf.engine.Ensemble.Said;
import io.kerf.model.Block;
import io.kerf.model.Lineage;
import io.kerf.model.Model;
import io.kerf.model.ModelReader;
import io.kerf.model.Parameter;
import io.kerf.model.Role;
import io.kerf.tensor.FloatTensor;
import io.kerf.tensor.Tensor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class EnsembleTest {
  private static final Lineage.Step STEP = new Lineage.Step("cut", Map.of());

  /** The families' models, and for each what every way to part from the dense one may give. */
  @TestFactory
  Stream<DynamicTest> sayWhatTheySayAlone() {
    List<Model> models = new ArrayList<>();
    for (Path folder : Fixtures.cases("models", "*")) {
      models.add(ModelReader.read(folder));
    }
    assertFalse(models.isEmpty(), "no models among the fixtures");
    models.add(RandomModels.llama(6, 64, 4, 2, 96, 320));
    models.add(RandomEncoders.t5(3, 3, 64, 96, 320));
    return models.stream()
        .map(m -> dynamicTest(m.lineage().name() + " " + m.blocks().size(), () -> compare(m)));
  }

  private static void compare(Model dense) {
    List<Model> models = new ArrayList<>(List.of(dense, lateCut(dense), otherHead(dense), dense));
    if (dense.blocks(dense.blocks().get(dense.blocks().size() - 1).stack()).size() > 1) {
      models.add(withoutLast(dense));
      models.add(withoutLast(otherHead(dense)));
    }
    models.add(earlyCut(dense));
    List<Integer> some = IntStream.range(1, models.size()).boxed().toList();
    try (Ensemble together = Ensemble.open(models, WeightFormat.FLOAT32_PACKED)) {
      for (List<Integer> members : List.of(all(models.size()), some, List.of(1))) {
        List<float[]> said = ask(together, members);
        for (int i = 0; i < members.size(); i++) {
          try (Ensemble alone =
              Ensemble.open(List.of(models.get(members.get(i))), WeightFormat.FLOAT32_PACKED)) {
            assertArrayEquals(ask(alone, List.of(0)).get(0), said.get(i), 1e-5f);
          }
          try (Session session =
              Session.open(models.get(members.get(i)), WeightFormat.FLOAT32_PACKED)) {
            assertArrayEquals(ask(session), said.get(i), 1e-5f);
          }
        }
      }
    }
  }

  private static List<Integer> all(int count) {
    return IntStream.range(0, count).boxed().toList();
  }

  private static int[] ids(int count, long seed) {
    return new Random(seed).ints(count, 3, 60).toArray();
  }

  private static List<float[]> ask(Ensemble ensemble, List<Integer> members) {
    return switch (ensemble.models().get(0).config().family().kind()) {
      case MASKED -> flat(ensemble.maskLogits(members, masked()));
      case CAUSAL ->
          ensemble.score(members, trees(), targets()).stream()
              .map(said -> said.result().logProbabilities())
              .toList();
      case ENCODER_DECODER -> flat(ensemble.decodedLogits(members, crossed()));
    };
  }

  private static List<float[]> flat(List<Said<float[][]>> said) {
    return said.stream().map(s -> Trace.flat(s.result())).toList();
  }

  private static float[] ask(Session session) {
    if (session instanceof EncoderSession encoder) {
      return Trace.flat(encoder.logits(masked()));
    }
    return session instanceof DecoderSession decoder
        ? decoder.score(trees(), targets()).logProbabilities()
        : Trace.flat(((EncoderDecoderSession) session).logits(crossed()));
  }

  private static List<EncoderSession.Input> masked() {
    return List.of(
        EncoderSession.Input.of(ids(9, 1), 3, 5),
        EncoderSession.Input.of(ids(4, 2), 0),
        EncoderSession.Input.of(ids(9, 3), 8));
  }

  /** A chain and a tree, which windows see otherwise. */
  private static List<TokenTree> trees() {
    int[] parents = IntStream.range(-1, 13).map(i -> i == 8 ? 2 : i).toArray();
    return List.of(TokenTree.chain(ids(11, 4)), new TokenTree(ids(14, 5), parents));
  }

  private static List<Target> targets() {
    return List.of(
        new Target(0, 3, 7), new Target(1, 13, 8), new Target(0, 10, 9), new Target(1, 13, 4));
  }

  private static List<EncoderDecoderSession.Input> crossed() {
    return List.of(
        new EncoderDecoderSession.Input(ids(7, 1), ids(3, 2), 1, 2),
        new EncoderDecoderSession.Input(ids(5, 3), ids(1, 4), 0),
        new EncoderDecoderSession.Input(ids(7, 1), ids(5, 5), 4));
  }

  /** Cut in the last block alone. */
  static Model lateCut(Model model) {
    return cut(model, model.blocks().size() - 1);
  }

  private static Model earlyCut(Model model) {
    return cut(model, 0);
  }

  private static Model cut(Model model, int at) {
    List<Block> blocks = new ArrayList<>(model.blocks());
    Parameter down = blocks.get(at).parameter(Role.DOWN);
    blocks.set(at, blocks.get(at).with(Role.DOWN, down.withWeight(halved(down.weight()))));
    return model.withBlocks(blocks, STEP);
  }

  private static Model otherHead(Model model) {
    Map<Role, Parameter> shared = new EnumMap<>(model.shared());
    Role norm = shared.containsKey(Role.HEAD_NORM) ? Role.HEAD_NORM : Role.FINAL_NORM;
    if (!shared.containsKey(norm)) {
      return model; // an OPT that norms after its blocks has none at its end
    }
    shared.put(norm, shared.get(norm).withWeight(halved(shared.get(norm).weight())));
    return model.with(shared, model.blocks(), STEP);
  }

  static Model withoutLast(Model model) {
    return model.withBlocks(model.blocks().subList(0, model.blocks().size() - 1), STEP);
  }

  private static Tensor halved(Tensor tensor) {
    float[] values = tensor.toFloats();
    for (int i = 0; i < values.length; i++) {
      values[i] /= 2;
    }
    return FloatTensor.wrap(tensor.shape(), values);
  }

  @Test
  void blocksRunOnceUpToTheForkAndTheTimeOfEachCountsThem() {
    Model dense = RandomModels.llama(6, 64, 4, 2, 96, 320);
    Model shorter = withoutLast(dense);
    Model shortest = withoutLast(withoutLast(shorter));
    List<Model> models = List.of(dense, shorter, shortest, lateCut(shorter));
    BlockTree tree = BlockTree.of(models, all(4));
    // 6, 5, 3 and 5 blocks: 0 to 2 once, 3 once, then the dense model's 4 and 5, and the cut one.
    assertEquals(3 + 1 + 2 + 1, tree.blocks());
    assertEquals(19 - 7, Ensemble.sharedBlocks(models));
    List<List<Integer>> runs = new ArrayList<>();
    List<String> arrived = new ArrayList<>();
    List<Counting> passages = models.stream().map(m -> new Counting(runs)).toList();
    tree.run(passages, (member, read, nanos) -> arrived.add(member + ""));
    Collections.sort(arrived);
    assertEquals(List.of("0", "1", "2", "3"), arrived);
    List<Integer> each = runs.stream().flatMap(List::stream).sorted().toList();
    assertEquals(List.of(0, 1, 2, 3, 4, 4, 5), each);
  }

  private static final class Sleeping extends Counting {
    static final long MILLIS = 3;

    Sleeping(List<List<Integer>> runs) {
      super(runs);
    }

    @Override
    public String run(String state, int from, int to) {
      sleep(to - from);
      return state;
    }

    @Override
    public NDArray runLast(String state, int last) {
      sleep(1);
      return null;
    }

    private static void sleep(int blocks) {
      try {
        Thread.sleep(blocks * MILLIS);
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }
  }

  private static class Counting implements BlockTree.Passage<String> {
    private final List<List<Integer>> runs;

    Counting(List<List<Integer>> runs) {
      this.runs = runs;
    }

    @Override
    public String start() {
      return "";
    }

    @Override
    public String run(String state, int from, int to) {
      runs.add(IntStream.range(from, to).boxed().toList());
      return state;
    }

    @Override
    public NDArray runLast(String state, int last) {
      runs.add(List.of(last));
      return null;
    }

    @Override
    public NDArray read(String state) {
      return null;
    }
  }

  @ParameterizedTest
  @EnumSource(WeightFormat.class)
  void everyFormatIsShared(WeightFormat format) {
    Model dense = RandomModels.llama(4, 64, 4, 2, 96, 320);
    List<Model> models = List.of(dense, lateCut(dense), withoutLast(dense));
    try (Ensemble together = Ensemble.open(models, format)) {
      List<float[]> said = ask(together, all(3));
      for (int m = 0; m < 3; m++) {
        try (Session alone = Session.open(models.get(m), format)) {
          float coarse =
              format == WeightFormat.BFLOAT16 || format == WeightFormat.INT4_GROUP ? 1e-2f : 1e-5f;
          assertArrayEquals(ask(alone), said.get(m), coarse);
        }
      }
    }
  }

  @Test
  void blocksOfAnotherOriginAreOthers() {
    Model dense = RandomModels.llama(3, 64, 4, 2, 96, 320);
    Block first = dense.blocks().get(0);
    List<Block> moved = new ArrayList<>(dense.blocks());
    moved.set(0, new Block(first.stack(), 2, first.parameters()));
    assertEquals(0, Ensemble.sharedBlocks(List.of(dense, dense.withBlocks(moved, STEP))));
  }

  @Test
  void blocksInIntegersAreOthersAndThoseBeforeThemAreShared() {
    Model dense = RandomModels.llama(3, 64, 4, 2, 96, 320);
    Model int8 = new DynamicInt8(List.of(Scope.ALL)).apply(dense);
    assertEquals(0, Ensemble.sharedBlocks(List.of(dense, int8)));
    List<Block> late = new ArrayList<>(dense.blocks());
    late.set(2, int8.blocks().get(2));
    List<Model> both = List.of(dense, dense.withBlocks(late, STEP));
    assertEquals(2, Ensemble.sharedBlocks(both));
    try (Ensemble together = Ensemble.open(both, WeightFormat.FLOAT32_PACKED);
        Session alone = Session.open(both.get(1), WeightFormat.FLOAT32_PACKED)) {
      assertArrayEquals(ask(alone), ask(together, List.of(0, 1)).get(1), 1e-5f);
    }
  }

  @Test
  void whatIsSharedCountsForEachAndWhatIsOfOthersForNone() {
    Model dense = RandomModels.llama(6, 64, 4, 2, 96, 320);
    List<Model> models = List.of(dense, lateCut(dense), withoutLast(dense));
    long[] took = new long[3];
    long start = System.nanoTime();
    BlockTree.of(models, all(3))
        .run(
            Collections.nCopies(3, new Sleeping(new ArrayList<>())),
            (member, read, nanos) -> took[member] = nanos);
    long elapsed = System.nanoTime() - start;
    long block = Sleeping.MILLIS * 1_000_000;
    assertTrue(took[0] >= 6 * block && took[1] >= 6 * block && took[2] >= 5 * block);
    // The two last blocks run one after the other: neither's time is in the other's.
    assertTrue(Math.max(took[0], took[1]) <= elapsed - block, took[0] + ", " + took[1]);
  }

  @Test
  void saysWhyModelsCannotRunTogether() {
    Model one = RandomModels.llama(2, 64, 4, 2, 96, 320);
    Model other = RandomModels.llama(2, 64, 4, 4, 96, 320);
    assertFalse(Ensemble.fit(one, other));
    var apart =
        assertThrows(
            IllegalArgumentException.class,
            () -> Ensemble.open(List.of(one, other), WeightFormat.FLOAT32));
    assertEquals(
        "random (dense) and random (dense) cannot run together: their configurations or embeddings"
            + " differ; open a session for each",
        apart.getMessage());
    var none =
        assertThrows(
            IllegalArgumentException.class, () -> Ensemble.open(List.of(), WeightFormat.FLOAT32));
    assertEquals("nothing to run together: name at least one model", none.getMessage());
    try (Ensemble ensemble = Ensemble.open(List.of(one), WeightFormat.FLOAT32)) {
      var wrong =
          assertThrows(
              IllegalArgumentException.class, () -> ensemble.maskLogits(List.of(0), masked()));
      assertEquals(
          "random (dense) is a causal language model, which is asked otherwise",
          wrong.getMessage());
    }
  }

  @Test
  void askedForNothingTheySayNothing() {
    Model one = RandomModels.llama(2, 64, 4, 2, 96, 320);
    try (Ensemble ensemble = Ensemble.open(List.of(one, one), WeightFormat.FLOAT32)) {
      List<Said<Scores>> said = ensemble.score(List.of(0, 1), trees(), List.of());
      assertEquals(2, said.size());
      assertEquals(0, said.get(1).result().greedy().length);
    }
  }

  @Test
  void aPrefixIsKeptOnceForAllAndContinuedAsInEachAlone() {
    Model dense = RandomModels.llama(6, 64, 4, 2, 96, 320);
    List<Model> models =
        List.of(withoutLast(withoutLast(dense)), dense, lateCut(dense), withoutLast(dense));
    int[] first = ids(20, 8);
    int[] second = ids(5, 9);
    try (Ensemble ensemble = Ensemble.open(models, WeightFormat.FLOAT32_PACKED)) {
      List<Integer> members = all(4);
      try (EnsemblePrefix one = ensemble.prefix(members, null, first).get(0).result();
          EnsemblePrefix two = ensemble.prefix(members, one, second).get(0).result()) {
        List<Said<Scores>> said = ensemble.score(members, two, trees(), targets());
        List<DecoderSession.Node> nodes = List.of(new DecoderSession.Node(1, 13));
        List<Said<float[][]>> rows = ensemble.logits(members, two, trees(), nodes);
        for (int m : members) {
          try (DecoderSession alone =
                  DecoderSession.open(models.get(m), WeightFormat.FLOAT32_PACKED);
              Prefix before = alone.prefix(first);
              Prefix after = alone.prefix(before, second)) {
            assertArrayEquals(
                alone.score(after, trees(), targets()).logProbabilities(),
                said.get(m).result().logProbabilities(),
                1e-5f);
            assertArrayEquals(
                alone.logits(after, trees(), nodes)[0], rows.get(m).result()[0], 1e-5f);
          }
        }
      }
    }
  }

  @Test
  void aPrefixIsOfItsMembersAndOpen() {
    Model one = RandomModels.llama(2, 64, 4, 2, 96, 320);
    try (Ensemble ensemble = Ensemble.open(List.of(one, one), WeightFormat.FLOAT32)) {
      EnsemblePrefix prefix = ensemble.prefix(List.of(0), null, 5, 6).get(0).result();
      var others =
          assertThrows(
              IllegalArgumentException.class,
              () -> ensemble.score(List.of(0, 1), prefix, trees(), targets()));
      assertEquals(
          "this prefix was computed for members [0], not for 1: compute one for all that continue"
              + " it",
          others.getMessage());
      prefix.close();
      var closed =
          assertThrows(
              IllegalStateException.class,
              () -> ensemble.score(List.of(0), prefix, trees(), targets()));
      assertEquals("this prefix is closed: compute it again", closed.getMessage());
      var empty =
          assertThrows(IllegalArgumentException.class, () -> ensemble.prefix(List.of(0), null));
      assertEquals("a prefix needs at least one token", empty.getMessage());
    }
  }

  @Test
  void aClosedOneSaysSo() {
    Model one = RandomModels.llama(2, 64, 4, 2, 96, 320);
    Ensemble ensemble = Ensemble.open(List.of(one, one), WeightFormat.FLOAT32);
    ensemble.close();
    var closed =
        assertThrows(
            IllegalStateException.class, () -> ensemble.score(List.of(1), trees(), targets()));
    assertEquals("this session is closed: open the model again", closed.getMessage());
  }
}
