package io.kerf;

import static org.junit.jupiter.api.Assumptions.abort;

import io.kerf.progress.ProgressListener;
import io.kerf.source.Catalogue;
import io.kerf.source.Downloads;
import io.kerf.source.FetchException;
import io.kerf.source.Fetched;

/** The catalogue's models, for tests tagged "big"; skipped where they cannot be had. */
public final class RealModels {
  private RealModels() {}

  /** The model of that name, downloaded the first time. */
  public static Fetched fetched(String name) {
    try {
      return Downloads.ofUser().fetch(Catalogue.find(name), ProgressListener.NONE);
    } catch (FetchException e) {
      return abort("skipped: " + e.getMessage());
    }
  }
}
