/**
 * What suites work with: forked JVMs and programs with their time and memory, replicas and the
 * servers that hold them, sample databases, and the proof that a restore is right. Nothing here
 * knows a suite. Whatever goes wrong is a {@link io.walsync.bench.lab.LabException}.
 */
package io.walsync.bench.lab;
