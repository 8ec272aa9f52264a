global using Microsoft.Data.Sqlite;
global using SmartCache.Connections;
global using SQLitePCL;
