package io.kerf;

import static io.kerf.Kerf.ALL;
import static io.kerf.Kerf.load;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.kerf.json.Json;
import io.kerf.model.AdapterTarget;
import io.kerf.model.Role;
import io.kerf.train.AdapterTargets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * What Kerf writes PEFT opens, and computes the same with: adapters that were PEFT's, and adapters
 * as Kerf trains them, every layer with an A of its own.
 */
@Tag("python")
class BesidePeftTest {
  private static final String PYTHON = "KERF_PEER_PYTHON";

  @TempDir static Path folder;

  private record Job(String name, AdapterCase text, Variant variant, Path adapter) {
    String json() {
      Map<String, Object> json = new LinkedHashMap<>();
      json.put("base", text.base().toAbsolutePath().toString());
      json.put("adapter", adapter.toString());
      json.put("ids", text.ids());
      if (text.decoderIds().length > 0) {
        json.put("decoder_ids", text.decoderIds());
      }
      return Json.write(json);
    }
  }

  @TestFactory
  List<DynamicTest> peftComputesTheSame() throws Exception {
    String python = System.getenv(PYTHON);
    assumeTrue(python != null, PYTHON + " names no Python with peft");
    assumeTrue(
        new ProcessBuilder(python, "-c", "import peft").start().waitFor() == 0,
        python + " has no peft");
    List<Job> jobs = jobs();
    Path asked = folder.resolve("jobs.jsonl");
    Path said = folder.resolve("said.jsonl");
    Files.write(asked, jobs.stream().map(Job::json).toList());
    Path log = folder.resolve("log.txt");
    ProcessBuilder builder =
        new ProcessBuilder(
                python, "src/test/resources/adapters/logits.py", asked.toString(), said.toString())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile());
    int status = builder.start().waitFor();
    assertEquals(0, status, Files.readString(log));
    List<Json> answers = Json.readLines(said);
    assertEquals(jobs.size(), answers.size());
    List<DynamicTest> tests = new ArrayList<>();
    for (int i = 0; i < answers.size(); i++) {
      Job job = jobs.get(i);
      Json answer = answers.get(i);
      tests.add(dynamicTest(job.name, () -> check(job, answer)));
    }
    return tests;
  }

  private static void check(Job job, Json answer) {
    assertTrue(answer.isArray(), answer::toString);
    double[] theirs = answer.numbers();
    float[] ours = job.text.logits(job.variant);
    assertEquals(theirs.length, ours.length);
    for (int i = 0; i < ours.length; i++) {
      assertEquals(theirs[i], ours[i], 1e-4, "logit " + i);
    }
  }

  private static List<Job> jobs() {
    List<Job> jobs = new ArrayList<>();
    Map<Path, AdapterCase> bases = new LinkedHashMap<>();
    for (AdapterCase golden : AdapterCase.all()) {
      add(jobs, golden.name(), golden, load(golden.folder()));
      bases.put(golden.base(), golden);
    }
    for (AdapterCase text : bases.values()) {
      Variant dense = load(text.base());
      String name = dense.lineage().name();
      List<AdapterTarget> all = AdapterTargets.of(ALL).in(dense.model());
      List<AdapterTarget> some = AdapterTargets.of(Role.QUERY, Role.VALUE).in(dense.model());
      add(jobs, name + " all", text, with(dense, all, false));
      add(jobs, name + " queries and values", text, with(dense, some, true));
      add(jobs, name + " one", text, with(dense, all.subList(0, 1), false));
    }
    assertFalse(jobs.isEmpty());
    return jobs;
  }

  private static Variant with(Variant dense, List<AdapterTarget> targets, boolean stabilized) {
    var adapter = RandomAdapters.of(dense.model(), targets, 2, 5, stabilized);
    return new Variant(adapter.applyTo(dense.model()));
  }

  private static void add(List<Job> jobs, String name, AdapterCase text, Variant variant) {
    Path place = variant.saveAdapter(folder.resolve("adapter-" + jobs.size()));
    jobs.add(new Job(name, text, variant, place));
  }
}
