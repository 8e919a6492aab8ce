package io.kerf;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.GeneralCodingRules.ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * The rooms of the house, in the order in which data flows, and which doors are between them.
 *
 * <p>A new package needs a row in {@link #MAY_USE}; a new library needs one in {@link #LIVES_IN}.
 */
class ArchitectureTest {
  /** Small packages that stand below the house: every room may use them. */
  private static final Set<String> GROUND = Set.of("file", "json", "name", "progress");

  /** Each package below io.kerf, "" for the door itself, and the packages it may use. */
  private static final Map<String, Set<String>> MAY_USE =
      new TreeMap<>(
          Map.ofEntries(
              Map.entry("file", Set.of()),
              Map.entry("json", Set.of()),
              Map.entry("name", Set.of()),
              Map.entry("progress", Set.of()),
              Map.entry("tensor", Set.of()),
              Map.entry("template", Set.of()),
              Map.entry("format", Set.of("tensor")),
              Map.entry("source", Set.of("tensor")),
              Map.entry("rows", Set.of("rows.parquet", "source")),
              Map.entry("rows.parquet", Set.of()),
              Map.entry("text", Set.of("format", "source")),
              Map.entry("model", Set.of("tensor", "format", "source", "text")),
              Map.entry("engine", Set.of("tensor", "text", "model")),
              Map.entry("compress", Set.of("tensor", "text", "model", "engine")),
              Map.entry("onnx", Set.of("tensor", "format", "model", "engine")),
              Map.entry("eval", Set.of("rows", "text", "model", "engine")),
              // A task names the kind of model it asks, and that is the model's word.
              Map.entry("eval.lama", Set.of("eval", "model", "rows", "source", "text")),
              Map.entry(
                  "eval.harness", Set.of("eval", "model", "rows", "source", "text", "template")),
              Map.entry("eval.divergence", Set.of("eval", "model", "engine", "text")),
              Map.entry("eval.rewording", Set.of("eval", "model", "rows")),
              Map.entry(
                  "train",
                  Set.of(
                      "tensor",
                      "format",
                      "source",
                      "text",
                      "model",
                      "engine",
                      "compress",
                      "train.corpus")),
              Map.entry(
                  "train.corpus", Set.of("tensor", "rows", "source", "text", "model", "engine")),
              Map.entry("report", Set.of("model", "eval", "train")),
              Map.entry(
                  "",
                  // The engine too: the door opens sessions and names weight formats.
                  Set.of(
                      "rows",
                      "source",
                      "text",
                      "model",
                      "engine",
                      "compress",
                      "onnx",
                      "train",
                      "train.corpus",
                      "eval",
                      "eval.lama",
                      "eval.harness",
                      "eval.divergence",
                      "eval.rewording",
                      "report")),
              Map.entry("notebook", Set.of("", "report", "train"))));

  /** Foreign packages and the one package of ours that may see them. The longest prefix counts. */
  private static final Map<String, String> LIVES_IN =
      Map.ofEntries(
          Map.entry("com.fasterxml.jackson", "json"),
          Map.entry("com.hubspot.jinjava", "template"),
          Map.entry("jinjava", "template"),
          Map.entry("org.yaml.snakeyaml", "eval.harness"),
          Map.entry("com.github.luben.zstd", "rows.parquet"),
          Map.entry("de.siegmar.fastcsv", "rows"),
          Map.entry("ai.djl", "engine"),
          Map.entry("ai.djl.huggingface", "text"),
          Map.entry("com.sun.jna", "engine"),
          Map.entry("org.eclipse.aether", "source"),
          Map.entry("org.apache.maven", "source"),
          Map.entry("org.sonatype.plexus", "source"),
          Map.entry("tech.tablesaw", "report"),
          Map.entry("org.knowm.xchart", "report"),
          Map.entry("org.dflib.jjava", "notebook"));

  /** What the door's methods return, so that a cell may go on with it. */
  private static final Set<String> RETURNED_AT_THE_DOOR =
      Set.of("tech.tablesaw", "org.knowm.xchart");

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("io.kerf");

  @Test
  void theClassesWereFound() {
    assertTrue(CLASSES.stream().filter(ArchitectureTest::ours).count() > 40, CLASSES::toString);
  }

  @Test
  void everyPackageHasARowAndEveryRowAPackage() {
    Set<String> packages = new TreeSet<>();
    CLASSES.stream().filter(ArchitectureTest::ours).forEach(c -> packages.add(room(c)));
    assertEquals(MAY_USE.keySet(), packages);
  }

  @TestFactory
  Stream<DynamicTest> aPackageUsesOnlyWhatItsRowNames() {
    return MAY_USE.entrySet().stream()
        .map(
            row ->
                dynamicTest(
                    "io.kerf." + row.getKey(),
                    () ->
                        noClasses()
                            .that(liveIn(row.getKey()))
                            .should()
                            .dependOnClassesThat(areOursBut(row.getKey(), row.getValue()))
                            .check(CLASSES)));
  }

  @TestFactory
  Stream<DynamicTest> aForeignLibraryLivesInOnePackage() {
    return LIVES_IN.entrySet().stream()
        .map(
            home ->
                dynamicTest(
                    home.getKey() + " in " + home.getValue(),
                    () -> {
                      assertTrue(
                          CLASSES.stream()
                              .filter(type -> ours(type) && room(type).equals(home.getValue()))
                              .flatMap(type -> type.getDirectDependenciesFromSelf().stream())
                              .anyMatch(use -> belongsTo(use.getTargetClass(), home.getKey())),
                          () -> home.getValue() + " does not use " + home.getKey());
                      noClasses()
                          .that(describe("live elsewhere", c -> lacks(room(c), home)))
                          .should()
                          .dependOnClassesThat(
                              describe(
                                  "belong to " + home.getKey(), c -> belongsTo(c, home.getKey())))
                          .check(CLASSES);
                    }));
  }

  private static boolean lacks(String room, Map.Entry<String, String> home) {
    boolean door = room.isEmpty() && RETURNED_AT_THE_DOOR.contains(home.getKey());
    return !room.equals(home.getValue()) && !door;
  }

  @Test
  void packagesFormNoCycle() {
    slices().assignedFrom(new Packages()).should().beFreeOfCycles().check(CLASSES);
  }

  @Test
  void onlyTheScreenPrints() {
    noClasses()
        .that(
            describe(
                "are not of report or notebook",
                c -> !Set.of("report", "notebook").contains(room(c))))
        .should(ACCESS_STANDARD_STREAMS)
        .check(CLASSES);
  }

  @Test
  void everyPackageSaysWhatItIsFor() throws IOException {
    try (Stream<Path> folders = Files.walk(Path.of("src/main/java/io/kerf"))) {
      List<Path> silent =
          folders
              .filter(folder -> Files.isDirectory(folder))
              .filter(folder -> !Files.exists(folder.resolve("package-info.java")))
              .toList();
      assertEquals(List.of(), silent, "folders without package-info.java");
    }
  }

  private static boolean ours(JavaClass type) {
    return (type.getPackageName() + ".").startsWith("io.kerf.");
  }

  /** "eval.lama" for a class of io.kerf.eval.lama, "" for one at the door. */
  private static String room(JavaClass type) {
    String name = type.getPackageName();
    return name.length() <= "io.kerf".length() ? "" : name.substring("io.kerf.".length());
  }

  private static DescribedPredicate<JavaClass> liveIn(String room) {
    return describe("live in io.kerf." + room, type -> ours(type) && room(type).equals(room));
  }

  private static DescribedPredicate<JavaClass> areOursBut(String room, Set<String> used) {
    return describe(
        "are Kerf's but of none of " + used + " and " + GROUND,
        type -> {
          JavaClass element = type.getBaseComponentType();
          String other = room(element);
          return ours(element)
              && !other.equals(room)
              && !used.contains(other)
              && !GROUND.contains(other);
        });
  }

  private static boolean belongsTo(JavaClass type, String library) {
    String name = type.getBaseComponentType().getPackageName() + ".";
    return LIVES_IN.keySet().stream()
        .filter(prefix -> name.startsWith(prefix + "."))
        .max(Comparator.comparingInt(String::length))
        .filter(library::equals)
        .isPresent();
  }

  private static final class Packages implements SliceAssignment {
    @Override
    public SliceIdentifier getIdentifierOf(JavaClass type) {
      return ours(type) ? SliceIdentifier.of(type.getPackageName()) : SliceIdentifier.ignore();
    }

    @Override
    public String getDescription() {
      return "the packages of io.kerf";
    }
  }
}
