package io.kerf;

import static io.kerf.Kerf.load;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.DynamicContainer.dynamicContainer;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Every adapter among the fixtures gives PEFT's logits: read, merged, and written again. */
class AdapterGoldenTest {
  @TempDir Path folder;

  @TestFactory
  Stream<DynamicContainer> givesPeftsLogits() {
    return AdapterCase.all().stream()
        .map(
            golden ->
                dynamicContainer(
                    golden.name(),
                    List.of(
                        dynamicTest("with its base", () -> golden.check(load(golden.folder()))),
                        dynamicTest("adapted", () -> golden.check(adapted(golden))),
                        dynamicTest("merged", () -> merged(golden)),
                        dynamicTest("the adapter written again", () -> writtenAgain(golden)),
                        dynamicTest("saved whole", () -> savedWhole(golden)))));
  }

  private static Variant adapted(AdapterCase golden) {
    return load(golden.base()).adapt(golden.folder());
  }

  private static void merged(AdapterCase golden) {
    Variant adapted = adapted(golden);
    assertArrayEquals(golden.logits(adapted), golden.logits(adapted.merged()));
  }

  private void writtenAgain(AdapterCase golden) {
    Variant adapted = adapted(golden);
    Path place = adapted.saveAdapter(folder.resolve(golden.name()));
    Variant again = load(place);
    assertEquals(adapted.lineage(), again.lineage());
    assertArrayEquals(golden.logits(adapted), golden.logits(again));
  }

  private void savedWhole(AdapterCase golden) {
    Variant adapted = adapted(golden);
    Variant again = load(adapted.save(folder.resolve(golden.name() + ".whole")));
    assertEquals(adapted.lineage(), again.lineage());
    assertArrayEquals(golden.logits(adapted), golden.logits(again));
  }
}
