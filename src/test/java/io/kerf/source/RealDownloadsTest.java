package io.kerf.source;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.kerf.progress.ProgressListener;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Downloads the catalogue for real: jars into the user's repository, wheels into a fresh cache. */
@Tag("big")
class RealDownloadsTest {
  @TempDir Path folder;

  @TestFactory
  Stream<DynamicTest> fetchesEveryModelOfTheCatalogue() {
    Downloads downloads = new Downloads(new Cache(folder), UserMaven::ofUser, Pip.ofUser());
    return Catalogue.models().stream()
        .map(
            entry ->
                DynamicTest.dynamicTest(
                    entry.name(),
                    () -> {
                      SeenProgress seen = new SeenProgress();
                      Fetched fetched = downloads.fetch(entry, seen);
                      assertEquals(entry.sizeBytes(), Files.size(fetched.path()));
                      assertEquals(1, seen.started.size());
                      assertEquals(fetched, downloads.fetch(entry, ProgressListener.NONE));
                    }));
  }
}
