// A file, because the simulation compiles these sources once more in a project of its own.
global using System.Data.Common;
global using Microsoft.Extensions.Logging;
global using SmartCache.Primitives;
