package io.kerf;

import io.kerf.model.AdapterFolder;
import io.kerf.progress.Interrupted;
import io.kerf.source.Catalogue;
import io.kerf.source.HubSnapshot;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;

/** Adapters' folders: they name the model that they are for, and it is looked for. */
final class Adapters {
  private Adapters() {}

  /** The base of an adapter, with it. */
  static Variant load(Path folder) {
    AdapterFolder adapter = AdapterFolder.open(folder);
    return new Variant(adapter.applyTo(base(adapter).model()));
  }

  /** The same of an adapter of the hub. */
  static Variant load(HubSnapshot snapshot) {
    AdapterFolder adapter = AdapterFolder.open(snapshot.path());
    return new Variant(adapter.applyTo(base(adapter).model(), snapshot.origin()));
  }

  private static Variant base(AdapterFolder adapter) {
    String name = adapter.base();
    if (name.isBlank()) {
      throw new IllegalArgumentException(
          adapter.path()
              + " does not say which model its adapter is for (base_model_name_or_path is empty);"
              + given(adapter));
    }
    Optional<Path> place = beside(adapter.path(), name);
    if (place.filter(AdapterFolder::is).isPresent()) {
      throw new IllegalArgumentException(
          adapter.path()
              + ": its base, '"
              + name
              + "', is an adapter itself; merge that one and save it, or"
              + given(adapter));
    }
    try {
      return place.isPresent() ? Kerf.load(place.get()) : Kerf.load(name);
    } catch (Interrupted e) {
      throw e;
    } catch (RuntimeException e) {
      throw new IllegalArgumentException(
          adapter.path()
              + " is an adapter for '"
              + name
              + "', which could not be loaded ("
              + e.getMessage()
              + ");"
              + given(adapter),
          e);
    }
  }

  private static String given(AdapterFolder adapter) {
    return " load the model that it is for and say dense.adapt(\"" + adapter.path() + "\")";
  }

  /** The base as a path, from the adapter's folder or from here; a name of ours comes first. */
  private static Optional<Path> beside(Path folder, String name) {
    if (Catalogue.models().stream().anyMatch(model -> model.name().equals(name))) {
      return Optional.empty();
    }
    try {
      Path beside = folder.resolve(name);
      return Optional.of(Files.exists(beside) ? beside : Path.of(name)).filter(Files::exists);
    } catch (InvalidPathException e) {
      return Optional.empty();
    }
  }
}
